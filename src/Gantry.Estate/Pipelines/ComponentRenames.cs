using System.Globalization;

namespace Gantry.Estate.Pipelines;

/// <summary>A component type that got another name; the old one is understood for some time.</summary>
/// <param name="Since">Version of the collector, "0.144.0", that has the new name.</param>
/// <param name="Alias">Version from which the old name is understood beside it: usually the same; later where the alias was forgotten at first.</param>
/// <param name="Source">Where that is written.</param>
public sealed record ComponentRename(string Section, string Before, string Name, string Since, string Alias, string Source);

/// <summary>A component type that is gone.</summary>
/// <param name="Since">The first version without it.</param>
/// <param name="Instead">What to use: "the debug exporter".</param>
/// <param name="Source">Where that is written.</param>
public sealed record ComponentRemoval(string Section, string Type, string Since, string Instead, string Source);

/// <summary>Renamed and removed component types by version of the collector: <see cref="ComponentTypeTable"/>, ready to be asked.</summary>
public static class ComponentRenames
{
    private static readonly string[][] Lines = [.. ComponentTypeTable.Text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries))];

    public static IReadOnlyList<ComponentRename> All { get; } =
        [.. Lines.Where(line => line[3] != "-").Select(line => new ComponentRename(line[1], line[2], line[3], line[4], line.Length > 5 ? line[5] : line[4], SourceOf(line)))];

    public static IReadOnlyList<ComponentRemoval> Removed { get; } =
        [.. Lines.Where(line => line[3] == "-").Select(line => new ComponentRemoval(line[1], line[2], line[4], line[5], SourceOf(line)))];

    private static readonly Dictionary<(string Section, string Type), ComponentRename> ByName = All.SelectMany(rename => new[] { (rename.Before, rename), (rename.Name, rename) })
        .ToDictionary(item => (item.rename.Section, item.Item1), item => item.rename);

    /// <summary>The rename that a type is one of the names of; null for all others.</summary>
    public static ComponentRename? Find(string section, string type) => ByName.GetValueOrDefault((section, type));

    /// <summary>Null for a type that is still there.</summary>
    public static ComponentRemoval? FindRemoved(string section, string type) => Removed.FirstOrDefault(removal => removal.Section == section && removal.Type == type);

    /// <summary>A type by its newest name.</summary>
    public static string NewestOf(string section, string type) => Find(section, type)?.Name ?? type;

    /// <summary>Whether a collector of this version has what came with another. Distributions count in their own ways; one that has reached 1 says nothing of this.</summary>
    /// <returns>Null when it cannot be told.</returns>
    public static bool? Has(string version, string since) =>
        Parse(version) is { Major: 0 } have && Parse(since) is { } need ? have >= need : null;

    private static string SourceOf(string[] line) =>
        $"https://github.com/open-telemetry/opentelemetry-collector{(line[0] == "contrib" ? "-contrib" : "")}/releases/tag/v{line[4]}";

    private static Version? Parse(string version)
    {
        var text = version.TrimStart('v').Split('-', '+', ' ')[0];
        return text.Count(c => c == '.') is 1 or 2 && text.Split('.').All(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)) && Version.TryParse(text, out var parsed)
            ? new Version(parsed.Major, parsed.Minor, Math.Max(parsed.Build, 0))
            : null;
    }
}
