using System.Text;
using Gantry.Agent.Apply;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gantry.Agent.Tests.Apply;

/// <summary>A small copy of a host's /etc in a folder of its own, and the agent's notes beside it.</summary>
internal sealed class HostCopy : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gantry-apply").FullName;

    public HostCopy()
    {
        Write("/etc/passwd", "root:x:0:0\n");
        Write("/etc/ld.so.preload", "/lib/other.so", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Write("/etc/opentelemetry/injector/injector.conf", "# packaged\n");
        Write("/etc/opentelemetry/injector/conf.d/99-gantry.conf", "include_paths=/by/hand\n", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.CreateDirectory(Root + "/etc/systemd/system");
    }

    public string Root => Path.Combine(_folder, "root");

    public string State => Path.Combine(_folder, "state");

    public HostFiles Files() => new(Root, State, NullLogger.Instance);

    public void Write(string path, string text, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Root + path)!);
        File.WriteAllText(Root + path, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Root + path, mode);
        }
    }

    public string Read(string path) => File.ReadAllText(Root + path);

    /// <summary>The whole tree: each folder and file with mode, owner, and content. May be taken while files change; it is no state of the host then.</summary>
    public string Snapshot()
    {
        var tree = new HostTree(Root);
        try
        {
            return string.Join('\n', Directory.EnumerateFileSystemEntries(Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path =>
            {
                var name = path[Root.Length..];
                return Directory.Exists(path) ? $"{name}/ {new DirectoryInfo(path).UnixFileMode}"
                    : tree.Read(name) is { } file ? $"{name} {file.Hash} {Encoding.UTF8.GetString(file.Content).ReplaceLineEndings("|")}"
                    : $"{name} changing";
            }));
        }
        catch (DirectoryNotFoundException)
        {
            return "changing";
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
