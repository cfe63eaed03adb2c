namespace Gantry.Estate.Pipelines.Lint;

/// <summary>What a setting holds.</summary>
/// <param name="Holds">"duration", "integer", "boolean"; "" for anything.</param>
/// <param name="Words">One of these, where there are any.</param>
/// <param name="Inside">A mapping with these settings; null for anything.</param>
internal sealed record SettingShape(string Holds, IReadOnlyList<string> Words, SettingsShape? Inside);

/// <summary>Settings by name.</summary>
/// <param name="IsWhole">There are no others, in the version that the table was made of.</param>
internal sealed record SettingsShape(IReadOnlyDictionary<string, SettingShape> Settings, bool IsWhole);

/// <param name="Signals">That it works with; empty for any.</param>
internal sealed record ComponentShape(string Section, string Type, IReadOnlyList<string> Signals, SettingsShape Settings);

/// <summary>The table of settings, read once.</summary>
internal static class ComponentShapes
{
    private static readonly Dictionary<string, string[]> Shapes = Lines(SettingsTable.Shapes).ToDictionary(line => line[0], line => line[1..]);

    private static readonly Dictionary<(string, string), ComponentShape> All = Lines(SettingsTable.Components)
        .Select(line => new ComponentShape(line[0], line[1], line[2] == "*" ? [] : line[2].Split(','), Read(line[3..])))
        .ToDictionary(shape => (shape.Section, shape.Type));

    private static readonly ILookup<(string, string), (string Setting, string Since, string Instead)> Gone = SettingsTable.Gone.Split('\n')
        .Select(line => line.Split(' ', 5, StringSplitOptions.RemoveEmptyEntries)).ToLookup(line => (line[0], line[1]), line => (line[2], line[3], line[4].Trim()));

    /// <summary>Null for a component that the table does not have.</summary>
    public static ComponentShape? Find(string section, string type) => All.GetValueOrDefault((section, ComponentRenames.NewestOf(section, type)));

    /// <summary>Settings of a component that do nothing any more, or are refused.</summary>
    public static IEnumerable<(string Setting, string Since, string Instead)> GoneOf(string section, string type) => Gone[(section, ComponentRenames.NewestOf(section, type))];

    private static IEnumerable<string[]> Lines(string table) => table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(line => line.Length > 0);

    private static SettingsShape Read(IEnumerable<string> words)
    {
        var settings = new Dictionary<string, SettingShape>();
        var isWhole = true;
        foreach (var word in words)
        {
            if (word == "~")
            {
                isWhole = false;
            }
            else if (word[0] == '@')
            {
                foreach (var (name, setting) in Read(Shapes[word[1..]]).Settings)
                {
                    settings.TryAdd(name, setting);
                }
            }
            else if (word.Split('@') is [var holder, var shape])
            {
                settings[holder] = new SettingShape("", [], Read(Shapes[shape]));
            }
            else if (word.Split('=') is [var name, var values])
            {
                settings[name] = new SettingShape("", values.Split('|'), null);
            }
            else
            {
                var parts = word.Split(':');
                settings[parts[0]] = new SettingShape(parts.Length > 1 ? parts[1] : "", [], null);
            }
        }

        return new SettingsShape(settings, isWhole);
    }
}
