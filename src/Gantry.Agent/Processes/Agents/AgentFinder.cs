using System.Text;

namespace Gantry.Agent.Processes.Agents;

/// <summary>
/// Looks for the marks of <see cref="KnownAgents"/> in what is read of one process anyway: maps, environment, command line, and the open files of a
/// Java. Of a value nothing is kept but which mark it holds. Used for one process after the other.
/// </summary>
internal sealed class AgentFinder
{
    /// <summary>Set by Gantry where it sets an environment: upstream's agents are there by its order, and are no others.</summary>
    internal static ReadOnlySpan<byte> OwnVariable => "GANTRY_INSTRUMENTED"u8;

    private const int LongestFile = 128;

    private static readonly AgentSignature[] Signatures = [.. KnownAgents.All];
    private static readonly (Mark Mark, int Agent)[] Files = Of(MarkKind.MappedFile);
    private static readonly (Mark Mark, int Agent)[] Paths = Of(MarkKind.MappedPath);
    private static readonly (Mark Mark, int Agent)[] Memory = Of(MarkKind.MappedMemory);
    private static readonly (Mark Mark, int Agent)[] Variables = Of(MarkKind.Variable);
    private static readonly (Mark Mark, int Agent)[] Values = Of(MarkKind.Value);
    private static readonly (Mark Mark, int Agent)[] Profilers = Of(MarkKind.Profiler);
    private static readonly (Mark Mark, int Agent)[] Jars = Of(MarkKind.JavaAgent);
    private static readonly (Mark Mark, int Agent)[] Modules = Of(MarkKind.Module);

    private readonly string?[] _rules = new string?[Signatures.Length];
    private readonly bool[] _hasId = new bool[Profilers.Length];
    private readonly bool[] _hasPath = new bool[Profilers.Length];
    private bool _isProfiled;
    private bool _hasProfiler;
    private bool _isOwn;
    private readonly bool[] _isElsewhere = new bool[Signatures.Length];

    /// <summary>Where the injector's language packages are: what it brings in comes from here. The variables that it sets stand in no environ.</summary>
    private static ReadOnlySpan<byte> Packages => "/usr/lib/opentelemetry/"u8;

    /// <summary>The injector of this host is configured by Gantry: it, and what it brings into a process, are no others.</summary>
    public bool IsInjectorOwn { get; set; }

    /// <summary>Another process.</summary>
    public void Restart()
    {
        Array.Clear(_rules);
        Array.Clear(_hasId);
        Array.Clear(_hasPath);
        Array.Clear(_isElsewhere);
        _isProfiled = _hasProfiler = _isOwn = false;
    }

    /// <param name="path">Path of a mapped file, or the name of a mapping.</param>
    public void TakeMapping(ReadOnlySpan<byte> path)
    {
        var name = path[(path.LastIndexOf((byte)'/') + 1)..];
        foreach (var (mark, agent) in Files)
        {
            if (name.StartsWith(mark.TextBytes))
            {
                Keep(agent, mark, name, path.StartsWith(Packages));
            }
        }

        foreach (var (mark, agent) in Paths)
        {
            if (path.IndexOf(mark.TextBytes) >= 0)
            {
                Keep(agent, mark, default);
            }
        }

        // "[anon:OTEL_CTX]", "[anon_shmem:OTEL_CTX]", "/memfd:OTEL_CTX (deleted)" (OTEP 4719).
        foreach (var (mark, agent) in Memory)
        {
            var at = path.IndexOf(mark.TextBytes);
            if (at > 0 && path[at - 1] == (byte)':')
            {
                Keep(agent, mark, default);
            }
        }
    }

    /// <param name="text">/proc/PID/environ.</param>
    public void TakeEnvironment(ReadOnlySpan<byte> text)
    {
        foreach (var range in text.Split((byte)0))
        {
            var entry = text[range];
            var equals = entry.IndexOf((byte)'=');
            if (equals > 0)
            {
                TakeVariable(entry[..equals], entry[(equals + 1)..]);
            }
        }

        for (var i = 0; i < Profilers.Length && _isProfiled; i++)
        {
            var (mark, agent) = Profilers[i];
            if (_hasId[i] && (mark.Name.Length == 0 || _hasPath[i]))
            {
                Keep(agent, mark, default);
            }
        }
    }

    /// <param name="text">/proc/PID/cmdline.</param>
    public void TakeCommandLine(ReadOnlySpan<byte> text, string language)
    {
        if (language is "java" or "nodejs" or "ruby")
        {
            TakeOptions(text, 0);
        }
    }

    /// <summary>A jar that a Java has open: agents that came without a word in command line or environment.</summary>
    public void TakeOpenFile(ReadOnlySpan<byte> path) => TakeJar(path, "is open", path.StartsWith(Packages));

    public FoundAgents Result()
    {
        var hasInjector = _rules[IndexOf(KnownAgents.Injector)] is not null;
        for (var i = 0; i < Signatures.Length; i++)
        {
            // Beside our injector an agent may still be the program's own: one that its own environment or command line loads, or from another place.
            var isOwn = Signatures[i].IsUpstream && (_isOwn || (IsInjectorOwn && hasInjector && (!_isElsewhere[i] || Signatures[i].Name == KnownAgents.Injector)));
            _rules[i] = isOwn ? null : _rules[i];
        }

        DropBroughtAlong();
        var found = new List<FoundAgent>();
        for (var i = 0; i < Signatures.Length; i++)
        {
            if (_rules[i] is { } rule)
            {
                found.Add(new FoundAgent(Signatures[i].Name, rule, Signatures[i].StopsInjection));
            }
        }

        if (_isProfiled && _hasProfiler && !_isOwn && !found.Exists(static agent => agent.StopsInjection))
        {
            found.Add(new FoundAgent("a .NET profiler", "CORECLR_PROFILER is set to one that is not known", StopsInjection: true));
        }

        return found.Count == 0 ? FoundAgents.None : new FoundAgents([.. found]);
    }

    private void TakeVariable(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _isOwn |= name.SequenceEqual(OwnVariable);
        foreach (var (mark, agent) in Variables)
        {
            if (name.SequenceEqual(mark.TextBytes))
            {
                Keep(agent, mark, default);
            }
        }

        foreach (var (mark, agent) in Values)
        {
            if (name.SequenceEqual(mark.NameBytes) && value.IndexOf(mark.TextBytes) >= 0)
            {
                Keep(agent, mark, default);
            }
        }

        if (name.StartsWith("CORECLR_"u8))
        {
            TakeProfiler(name, value);
        }
        else if (name.SequenceEqual("JAVA_TOOL_OPTIONS"u8) || name.SequenceEqual("JDK_JAVA_OPTIONS"u8) || name.SequenceEqual("_JAVA_OPTIONS"u8)
            || name.SequenceEqual("NODE_OPTIONS"u8) || name.SequenceEqual("RUBYOPT"u8))
        {
            TakeOptions(value, (byte)' ');
        }
    }

    private void TakeProfiler(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        // "1", or as Dynatrace writes it "0x01".
        _isProfiled |= name.SequenceEqual("CORECLR_ENABLE_PROFILING"u8) && value.EndsWith("1"u8);
        var isId = name.SequenceEqual("CORECLR_PROFILER"u8);
        var isPath = name.StartsWith("CORECLR_PROFILER_PATH"u8);
        _hasProfiler |= isId;
        for (var i = 0; i < Profilers.Length; i++)
        {
            _hasId[i] |= isId && Ascii.EqualsIgnoreCase(value, Profilers[i].Mark.TextBytes);
            _hasPath[i] |= isPath && value.IndexOf(Profilers[i].Mark.NameBytes) >= 0;
        }
    }

    /// <summary>-javaagent:PATH=options, -r MODULE, -rMODULE, --require MODULE, --require=MODULE, --import …</summary>
    private void TakeOptions(ReadOnlySpan<byte> text, byte separator)
    {
        var isModule = false;
        foreach (var range in text.Split(separator))
        {
            var option = text[range].Trim("\"'"u8);
            var isBare = option.SequenceEqual("-r"u8) || option.SequenceEqual("--require"u8) || option.SequenceEqual("--import"u8) || option.SequenceEqual("--loader"u8)
                || option.SequenceEqual("--experimental-loader"u8);
            if (option.StartsWith("-javaagent:"u8))
            {
                var path = option[11..];
                var equals = path.IndexOf((byte)'=');
                TakeJar(equals < 0 ? path : path[..equals], "is a -javaagent");
            }
            else if (isModule || (!isBare && (option.StartsWith("-r"u8) || option.StartsWith("--require="u8) || option.StartsWith("--import="u8))))
            {
                TakeModule(option);
            }

            isModule = isBare;
        }
    }

    private void TakeJar(ReadOnlySpan<byte> path, string what, bool isPackaged = false)
    {
        var name = path[(path.LastIndexOf((byte)'/') + 1)..];
        foreach (var (mark, agent) in Jars)
        {
            if (name.StartsWith(mark.TextBytes) && path.IndexOf(mark.NameBytes) >= 0)
            {
                _rules[agent] ??= mark.Rule($"{FileName(name)} {what}");
                _isElsewhere[agent] |= !isPackaged;
            }
        }
    }

    private void TakeModule(ReadOnlySpan<byte> module)
    {
        foreach (var (mark, agent) in Modules)
        {
            if (module.IndexOf(mark.TextBytes) >= 0)
            {
                Keep(agent, mark, default);
            }
        }
    }

    private void DropBroughtAlong()
    {
        for (var i = 0; i < Signatures.Length; i++)
        {
            if (_rules[i] is null)
            {
                continue;
            }

            foreach (var name in Signatures[i].BringsAlong)
            {
                _rules[IndexOf(name)] = null;
            }
        }
    }

    private void Keep(int agent, Mark mark, ReadOnlySpan<byte> file, bool isPackaged = false)
    {
        _rules[agent] ??= mark.Rule(FileName(file));
        // A mapping without a file says nothing of where it comes from.
        _isElsewhere[agent] |= !isPackaged && mark.Kind is not (MarkKind.MappedMemory or MarkKind.MappedPath);
    }

    /// <summary>A name of somebody's file: without control characters, and no longer than a name is.</summary>
    private static string FileName(ReadOnlySpan<byte> name)
    {
        var text = Encoding.UTF8.GetString(name[..Math.Min(name.Length, LongestFile)]);
        return text.Any(char.IsControl) ? "a file" : text;
    }

    private static int IndexOf(string name) => Array.FindIndex(Signatures, signature => signature.Name == name);

    private static (Mark Mark, int Agent)[] Of(MarkKind kind) =>
        [.. Signatures.SelectMany((signature, agent) => signature.Marks.Where(mark => mark.Kind == kind).Select(mark => (mark, agent)))];
}
