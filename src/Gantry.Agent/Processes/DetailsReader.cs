using System.Text;
using Gantry.Agent.Host;
using Gantry.Agent.Processes.Agents;

namespace Gantry.Agent.Processes;

/// <summary>Reads everything about one process that does not change while it runs one program: some twelve small files, once.</summary>
internal sealed class DetailsReader
{
    private const int MostArguments = 64 * 1024;
    private const int MostEnvironment = 256 * 1024;

    /// <summary>Jars that come with a Java are opened early.</summary>
    private const int MostOpenFiles = 512;

    private static ReadOnlySpan<byte> OwnInjectorFile => "opentelemetry/injector/conf.d/99-gantry.conf"u8;

    private readonly ProcFiles _proc;
    private readonly UserNames _users;
    private readonly ProcFiles _etc;
    private readonly Executables _executables;
    private readonly DiagnosticsSockets _sockets;
    private readonly LanguageDetector _languages;
    private readonly AgentFinder _agents = new();
    private readonly List<int> _descriptors = [];

    public DetailsReader(ProcFiles proc, ProcFiles etc)
    {
        _proc = proc;
        _etc = etc;
        _users = new UserNames(etc);
        _executables = new Executables(proc);
        _sockets = new DiagnosticsSockets(proc);
        _languages = new LanguageDetector(_sockets, _executables, new RuntimeVersions(proc, _executables));
    }

    /// <summary>A new scan begins.</summary>
    public void Restart()
    {
        _users.Refresh();
        _sockets.Restart();
        _agents.IsInjectorOwn = _etc.Exists(OwnInjectorFile);
    }

    /// <param name="pid">The process.</param>
    /// <param name="startTicks">When it started.</param>
    /// <param name="command">Its short name, from stat.</param>
    /// <returns>Null when the process ended meanwhile.</returns>
    public ProcessDetails? Read(int pid, ulong startTicks, string command)
    {
        _agents.Restart();
        var executable = ReadExecutable(pid, out var exeOutcome);
        if (exeOutcome == FileOutcome.Missing || _proc.TryRead(pid, "status"u8, out var text) != FileOutcome.Ok)
        {
            return null;
        }

        var status = StatusFile.Parse(text);
        var cgroup = _proc.TryRead(pid, "cgroup"u8, out text, 64 * 1024) == FileOutcome.Ok ? CgroupPath.Parse(text) : new("", "");
        var mapped = MappedLibraries.Read(_proc, pid, _agents, out var mapsOutcome);
        var language = _languages.Detect(pid, status.ContainerPid, startTicks, executable, ReadProgram(pid), mapped, mapsOutcome == FileOutcome.Ok);
        var elf = executable.Length > 0 ? _executables.Facts(pid) : ElfFacts.None;
        var isNative = elf.Kind is NativeKind.DotNetNativeAot or NativeKind.JavaNativeImage;
        var script = ReadScript(pid, language.Language);
        var namespaceOutcome = ReadNamespace(pid, out var networkNamespace);
        var auxiliaryOutcome = _proc.TryRead(pid, "auxv"u8, out text, 4096);
        var isSecure = AuxiliaryVector.IsSecure(text);
        if (language.Language == "java" && !isNative)
        {
            ReadOpenFiles(pid);
        }

        var declared = ReadDeclared(pid, out var environmentOutcome, language.Language == "dotnet", (status.ContainerPid, startTicks), out var hasPort);
        return new ProcessDetails
        {
            Executable = executable,
            DisplayName = NameOf(executable, command, script, language.Language, cgroup.Unit),
            Owner = _users.Get(status.Uid),
            Language = language,
            Script = script,
            Cgroup = cgroup,
            Declared = declared,
            ContainerPid = status.ContainerPid,
            NetworkNamespace = networkNamespace,
            Loader = LoaderOf(executable, elf.Loader, mapped),
            IsSecureExec = isSecure,
            IsNativeCode = isNative,
            HasDiagnosticPort = hasPort,
            Agents = _agents.Result(),
            Unread = Flag(exeOutcome, Unread.Executable) | Flag(mapsOutcome, Unread.Maps) | Flag(namespaceOutcome, Unread.Namespace)
                | Flag(environmentOutcome, Unread.Environment) | Flag(auxiliaryOutcome, Unread.Auxiliary),
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

    /// <summary>What is missing is no want of a right: the kernel may be without it, or the process has ended.</summary>
    private static Unread Flag(FileOutcome outcome, Unread what) => outcome is FileOutcome.Ok or FileOutcome.Missing ? Unread.None : what;

    /// <summary>A program that is started through its loader runs the loader's file; and musl may stand in for glibc's loader.</summary>
    private static ElfLoader LoaderOf(string executable, ElfLoader named, MappedLibraries mapped)
    {
        var libc = executable.Length > 0 ? ElfLoader.LibcOf(Encoding.UTF8.GetBytes(executable)) : "";
        return libc.Length > 0 ? new ElfLoader(libc, false) : mapped.HasMusl ? new ElfLoader("musl", false) : named;
    }

    private FileOutcome ReadNamespace(int pid, out ulong inode)
    {
        Span<byte> target = stackalloc byte[64];
        var outcome = _proc.TryReadLink(pid, "ns/net"u8, target, out var length);
        return SocketOwners.TryInode(target[..length], out inode) ? FileOutcome.Ok : outcome == FileOutcome.Ok ? FileOutcome.Failed : outcome;
    }

    private void ReadOpenFiles(int pid)
    {
        _proc.TryList(pid, "fd"u8, _descriptors);
        Span<byte> name = stackalloc byte[16];
        Span<byte> target = stackalloc byte[1024];
        "fd/"u8.CopyTo(name);
        for (var i = 0; i < Math.Min(_descriptors.Count, MostOpenFiles); i++)
        {
            _descriptors[i].TryFormat(name[3..], out var digits);
            if (_proc.TryReadLink(pid, name[..(3 + digits)], target, out var length) == FileOutcome.Ok && target[..length].EndsWith(".jar"u8))
            {
                _agents.TakeOpenFile(target[..length]);
            }
        }
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

        _agents.TakeCommandLine(text, language);
        var script = ScriptName.Find(language, text, path => IsFile(pid, path));
        _proc.Forget();
        return script;
    }

    /// <summary>All that is asked of the environment, while it is in the buffer.</summary>
    private StartEnvironment ReadDeclared(
        int pid, out FileOutcome outcome, bool mayHavePort, (uint InnerPid, ulong StartTicks) identity, out bool hasPort)
    {
        outcome = _proc.TryRead(pid, "environ"u8, out var text, MostEnvironment);
        _agents.TakeEnvironment(text);
        hasPort = mayHavePort && _sockets.Has(pid, identity.InnerPid, identity.StartTicks, StartEnvironment.Find(text, "TMPDIR"u8));
        var declared = StartEnvironment.Parse(text);
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
