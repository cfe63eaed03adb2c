using System.Text;
using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>Reads everything about one process that does not change while it runs one program: some ten small files, once.</summary>
internal sealed class DetailsReader
{
    private const int MostArguments = 64 * 1024;
    private const int MostEnvironment = 256 * 1024;

    private readonly ProcFiles _proc;
    private readonly UserNames _users;
    private readonly LanguageDetector _languages;

    public DetailsReader(ProcFiles proc, ProcFiles etc)
    {
        _proc = proc;
        _users = new UserNames(etc);
        var executables = new Executables(proc);
        _languages = new LanguageDetector(proc, executables, new RuntimeVersions(proc, executables));
    }

    /// <summary>A new scan begins.</summary>
    public void Restart()
    {
        _users.Refresh();
        _languages.Restart();
    }

    /// <param name="pid">The process.</param>
    /// <param name="command">Its short name, from stat.</param>
    /// <returns>Null when the process ended meanwhile.</returns>
    public ProcessDetails? Read(int pid, string command)
    {
        var executable = ReadExecutable(pid, out var exeOutcome);
        if (exeOutcome == FileOutcome.Missing || _proc.TryRead(pid, "status"u8, out var text) != FileOutcome.Ok)
        {
            return null;
        }

        var status = StatusFile.Parse(text);
        var cgroup = _proc.TryRead(pid, "cgroup"u8, out text, 64 * 1024) == FileOutcome.Ok ? CgroupPath.Parse(text) : new("", "");
        var language = _languages.Detect(pid, status.ContainerPid, executable, ReadProgram(pid), out var mapsOutcome);
        var script = ReadScript(pid, language.Language);
        var hasNamespace = TryReadNamespace(pid, out var networkNamespace);
        return new ProcessDetails
        {
            Executable = executable,
            DisplayName = NameOf(executable, command, script, language.Language, cgroup.Unit),
            Owner = _users.Get(status.Uid),
            Language = language,
            Script = script,
            Cgroup = cgroup,
            Declared = ReadDeclared(pid),
            ContainerPid = status.ContainerPid,
            NetworkNamespace = networkNamespace,
            IsReadable = exeOutcome == FileOutcome.Ok && mapsOutcome == FileOutcome.Ok && hasNamespace,
        };
    }

    private string ReadExecutable(int pid, out FileOutcome outcome)
    {
        Span<byte> target = stackalloc byte[4096];
        outcome = _proc.TryReadLink(pid, "exe"u8, target, out var length);
        var path = target[..length];
        // An upgrade replaced the file under the running program.
        return Encoding.UTF8.GetString(path.EndsWith(" (deleted)"u8) ? path[..^10] : path);
    }

    private bool TryReadNamespace(int pid, out ulong inode)
    {
        Span<byte> target = stackalloc byte[64];
        inode = 0;
        return _proc.TryReadLink(pid, "ns/net"u8, target, out var length) == FileOutcome.Ok && SocketOwners.TryInode(target[..length], out inode);
    }

    private string ReadProgram(int pid)
    {
        var program = _proc.TryRead(pid, "cmdline"u8, out var text, MostArguments) == FileOutcome.Ok ? ScriptName.Program(text) : "";
        _proc.Forget();
        return program;
    }

    private string ReadScript(int pid, string language)
    {
        if (language.Length == 0 || _proc.TryRead(pid, "cmdline"u8, out var text, MostArguments) != FileOutcome.Ok)
        {
            return "";
        }

        var script = ScriptName.Find(language, text, path => IsFile(pid, path));
        _proc.Forget();
        return script;
    }

    private StartEnvironment ReadDeclared(int pid)
    {
        var declared = _proc.TryRead(pid, "environ"u8, out var text, MostEnvironment) == FileOutcome.Ok
            ? StartEnvironment.Parse(text)
            : new("", "");
        _proc.Forget();
        return declared;
    }

    private bool IsFile(int pid, ReadOnlySpan<byte> path)
    {
        var isAbsolute = path.StartsWith("/"u8);
        return !path.IsEmpty && _proc.TryStat(pid, isAbsolute ? "root"u8 : "cwd/"u8, path, out var status) && status.IsFile;
    }

    /// <summary>What a person would call it: the script; for an interpreter without one its unit; else the executable's name.</summary>
    private static string NameOf(string executable, string command, string script, string language, string unit)
    {
        if (script.Length > 0)
        {
            return script;
        }

        // A program run out of memory has no file name of its own.
        var hasName = executable.Length > 0 && !executable.StartsWith("/memfd:", StringComparison.Ordinal);
        var name = hasName ? executable[(executable.LastIndexOf('/') + 1)..] : command;
        var isInterpreter = language.Length > 0 && ProgramNames.LanguageOf(name).Length > 0;
        return isInterpreter && unit.Length > 0 && !unit.StartsWith("user@", StringComparison.Ordinal)
            ? unit[..unit.LastIndexOf('.')]
            : name;
    }
}
