using System.Text;
using Gantry.Agent.Host;

namespace Gantry.Agent.Tests.Support;

/// <summary>A folder that stands for /proc, /sys and /etc, gone at the end.</summary>
internal sealed class FakeHost : IDisposable
{
    private readonly DirectoryInfo _folder;

    /// <param name="isLarge">Tens of thousands of files: in memory, where there is such a place.</param>
    public FakeHost(bool isLarge = false)
    {
        _folder = isLarge && Directory.Exists("/dev/shm")
            ? Directory.CreateDirectory($"/dev/shm/gantry-agent-tests-{Guid.NewGuid():N}")
            : Directory.CreateTempSubdirectory("gantry-agent-tests-");
        foreach (var name in (string[])["proc", "sys", "etc"])
        {
            _folder.CreateSubdirectory(name);
        }

        Proc = new ProcFiles(PathOf("proc"));
        Sys = new ProcFiles(PathOf("sys"));
        Etc = new ProcFiles(PathOf("etc"));
    }

    public ProcFiles Proc { get; }

    public ProcFiles Sys { get; }

    public ProcFiles Etc { get; }

    public string PathOf(string relative) => Path.Combine(_folder.FullName, relative);

    public FakeHost With(string relative, string content) => With(relative, Encoding.UTF8.GetBytes(content));

    public FakeHost With(string relative, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.WriteAllBytes(PathOf(relative), content);
        return this;
    }

    public FakeHost WithLink(string relative, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.Delete(PathOf(relative));
        File.CreateSymbolicLink(PathOf(relative), target);
        return this;
    }

    /// <summary>A process as /proc shows it, owned by root, in network namespace 1.</summary>
    public FakeHost WithProcess(int pid, string command = "app", long startTicks = 1000, string executable = "/opt/app", string maps = "", long startStack = 77)
    {
        var zeros = string.Concat(Enumerable.Repeat("0 ", 12));
        With($"proc/{pid}/stat", $"{pid} ({command}) S 1 1 1 0 -1 4194304 {zeros}{startTicks} 1 1 1 1 1 {startStack} 0 0\n");
        With($"proc/{pid}/status", $"Name:\t{command}\nUid:\t0\t0\t0\t0\nNSpid:\t{pid}\n");
        With($"proc/{pid}/cmdline", executable + "\0");
        With($"proc/{pid}/environ", "");
        With($"proc/{pid}/cgroup", "0::/\n");
        With($"proc/{pid}/maps", maps);
        WithLink($"proc/{pid}/exe", executable);
        WithLink($"proc/{pid}/ns/net", "net:[1]");
        return this;
    }

    public void Remove(string relative) => Directory.Delete(PathOf(relative), recursive: true);

    public void Dispose() => _folder.Delete(recursive: true);
}
