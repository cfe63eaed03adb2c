using Gantry.Estate.Instrumentation.Injector;

namespace Gantry.Estate.Instrumentation.Obi;

/// <summary>
/// The folders of the system's own programs. OBI does not look at the path or the language of what is in them, unless its configuration has another list; version 2
/// has no key for one (OBI's migration to it refuses any list but its own).
/// </summary>
internal static class ObiSystemPaths
{
    /// <summary>OBI's default of discovery.excluded_linux_system_paths.</summary>
    private static readonly string[] All = ["/lib/systemd/", "/usr/lib/systemd/", "/usr/libexec/", "/sbin/", "/usr/sbin/"];

    /// <returns>The list without those that an include may take from; null when OBI's own will do. Empty when one takes from each, so that "*" means it.</returns>
    public static IReadOnlyList<string>? For(ObiSelection selection)
    {
        var left = All.Where(folder => !selection.Includes.SelectMany(rule => rule.Match.Executables).Any(glob => GlobOverlap.Any(glob, folder + "*"))).ToList();
        return left.Count == All.Length ? null : left;
    }

    /// <returns>Each executable of an include that is in one of them, so that version 2 never sees it.</returns>
    public static IReadOnlyList<InjectorProblem> Unreachable(ObiSelection selection) =>
    [
        .. from rule in selection.Includes
           from glob in rule.Match.Executables
           let folder = Array.Find(All, folder => glob.StartsWith(folder, StringComparison.Ordinal))
           where folder is not null
           select new InjectorProblem($"rule {rule.Name}", glob, $"is in {folder}, which OBI leaves out, and version 2 of its configuration cannot say otherwise; use version 1, or match by port alone"),
    ];
}
