namespace Gantry.Agent.Processes;

/// <summary>What a process is written in, how that was recognised, and the version of its runtime.</summary>
internal readonly record struct LanguageFact(string Language, string Rule, string Version)
{
    public static readonly LanguageFact Unknown = new("", "", "");
}

/// <summary>
/// Recognises the language by evidence, the strongest first; the first hit wins:
/// <list type="number">
/// <item>a runtime's library is mapped: libcoreclr, libjvm, libpython, libruby, libphp, libnode;</item>
/// <item>the executable itself is Go, .NET in a single file or NativeAOT, a GraalVM image;</item>
/// <item>the executable's name is an interpreter's, which comes behind 2 because a Go program may be called node;</item>
/// <item>the executable holds Rust (behind 3, as interpreters embed Rust libraries);</item>
/// <item>a .NET diagnostics socket; the C++ library is mapped, which also many others do.</item>
/// </list>
/// </summary>
internal sealed class LanguageDetector(DiagnosticsSockets sockets, Executables executables, RuntimeVersions versions)
{
    /// <param name="pid">The process, as this host counts.</param>
    /// <param name="innerPid">As the process itself counts.</param>
    /// <param name="startTicks">When it started.</param>
    /// <param name="executable">Its path; "" when it may not be read.</param>
    /// <param name="commandName">Name of the program in the command line, when the path may not be read.</param>
    /// <param name="mapped">What it maps.</param>
    /// <param name="isMapped">Whether the process let that be looked at.</param>
    public LanguageFact Detect(int pid, uint innerPid, ulong startTicks, string executable, string commandName, MappedLibraries mapped, bool isMapped)
    {
        if (isMapped && TryMapped(pid, executable, mapped, out var fact))
        {
            return fact;
        }

        var facts = executable.Length > 0 ? executables.Facts(pid) : ElfFacts.None;
        if (TryElf(facts, out fact) || TryName(pid, executable, commandName, mapped, out fact))
        {
            return fact;
        }

        if (facts.Kind == NativeKind.Rust)
        {
            return new LanguageFact("rust", facts.Rule, facts.Version);
        }

        if (isMapped && sockets.Has(pid, innerPid, startTicks, default))
        {
            return new LanguageFact("dotnet", "it has a .NET diagnostics socket", "");
        }

        return mapped.HasCppRuntime ? new LanguageFact("cpp", "the C++ library is mapped", "") : LanguageFact.Unknown;
    }

    private bool TryMapped(int pid, string executable, MappedLibraries mapped, out LanguageFact fact)
    {
        fact = mapped switch
        {
            { CoreClr.Length: > 0 } => new("dotnet", "libcoreclr.so is mapped", versions.DotNet(pid, mapped.CoreClr, executable)),
            { Jvm.Length: > 0 } => new("java", "libjvm.so is mapped", versions.Java(pid, mapped.Jvm)),
            { Python.Length: > 0 } => new("python", "libpython is mapped", RuntimeVersions.Python(executable, mapped)),
            { Ruby.Length: > 0 } => new("ruby", "libruby is mapped", RuntimeVersions.Ruby(mapped.Ruby)),
            { Php.Length: > 0 } => new("php", "libphp is mapped", ""),
            { Node.Length: > 0 } => new("nodejs", "libnode is mapped", versions.Node(pid, executable)),
            _ => LanguageFact.Unknown,
        };
        return fact.Language.Length > 0;
    }

    private static bool TryElf(ElfFacts facts, out LanguageFact fact)
    {
        fact = facts.Kind switch
        {
            NativeKind.Go => new("go", facts.Rule, facts.Version),
            NativeKind.DotNetSingleFile => new("dotnet", facts.Rule, facts.Version),
            NativeKind.DotNetNativeAot => new("dotnet", facts.Rule, facts.Version),
            NativeKind.JavaNativeImage => new("java", facts.Rule, facts.Version),
            _ => LanguageFact.Unknown,
        };
        return fact.Language.Length > 0;
    }

    private bool TryName(int pid, string executable, string commandName, MappedLibraries mapped, out LanguageFact fact)
    {
        var isPath = executable.Length > 0;
        var name = isPath ? executable[(executable.LastIndexOf('/') + 1)..] : commandName;
        var language = ProgramNames.LanguageOf(name);
        if (language.Length == 0)
        {
            fact = LanguageFact.Unknown;
            return false;
        }

        var rule = isPath ? $"the executable is named {name}" : $"the command is named {name}; its executable may not be read";
        var version = (isPath, language) switch
        {
            (true, "nodejs") => versions.Node(pid, executable),
            (true, "php") => versions.Php(pid),
            (_, "python") => RuntimeVersions.Python(isPath ? executable : name, mapped),
            _ => "",
        };
        fact = new LanguageFact(language, rule, version);
        return true;
    }
}
