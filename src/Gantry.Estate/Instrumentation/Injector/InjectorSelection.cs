using Gantry.Estate.Sampling;
using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Instrumentation.Injector;

/// <summary>
/// What the injector is told to select: OR inside a list, AND between paths and arguments, any exclude wins, no includes at all is everything.
/// </summary>
/// <param name="Languages">Whose runtimes stay enabled; all others are disabled.</param>
public sealed record InjectorSelection(
    IReadOnlyList<string> IncludePaths,
    IReadOnlyList<string> ExcludePaths,
    IReadOnlyList<string> IncludeArguments,
    IReadOnlyList<string> ExcludeArguments,
    IReadOnlyList<string> Languages)
{
    /// <summary>Selects no process; units select themselves, as lists in a process's environment replace those of files.</summary>
    public static InjectorSelection ByUnit(IReadOnlyList<string> languages) => new([InjectorPaths.NoProcess], [], [], [], languages);

    /// <summary>Whether it selects the process, as far as facts tell: of arguments, they have the script only.</summary>
    public bool Selects(ProcessFact process) => Languages.Contains(process.Language) && Reaches(process);

    /// <summary>The same in any language.</summary>
    internal bool Reaches(ProcessFact process)
    {
        string[] arguments = process.Script.Length > 0 ? [process.Script] : [];
        return (IncludePaths.Count == 0 || Any(IncludePaths, process.Executable))
            && (IncludeArguments.Count == 0 || arguments.Any(argument => Any(IncludeArguments, argument)))
            && !Any(ExcludePaths, process.Executable)
            && !arguments.Any(argument => Any(ExcludeArguments, argument));
    }

    private static bool Any(IReadOnlyList<string> globs, string text) => globs.Any(glob => Glob.Matches(glob, text));
}
