namespace Gantry.Estate.Quality;

/// <summary>What a metric's name should not be.</summary>
public static class MetricNames
{
    private static readonly char[] Separators = ['.', '_', '-', '/'];

    /// <summary>How units are written out in names.</summary>
    private static readonly Dictionary<string, string[]> Words = new(StringComparer.Ordinal)
    {
        ["s"] = ["seconds", "second", "secs", "sec"],
        ["ms"] = ["milliseconds", "millisecond", "millis", "msec"],
        ["us"] = ["microseconds", "microsecond", "micros", "usec"],
        ["ns"] = ["nanoseconds", "nanosecond", "nanos", "nsec"],
        ["min"] = ["minutes", "minute"],
        ["h"] = ["hours", "hour"],
        ["d"] = ["days", "day"],
        ["By"] = ["bytes", "byte"],
        ["KiBy"] = ["kibibytes", "kib"],
        ["kBy"] = ["kilobytes", "kb"],
        ["MiBy"] = ["mebibytes", "mib"],
        ["MBy"] = ["megabytes", "mb"],
        ["GiBy"] = ["gibibytes", "gib"],
        ["GBy"] = ["gigabytes", "gb"],
        ["bit"] = ["bits"],
        ["%"] = ["percent", "percentage", "pct"],
        ["Cel"] = ["celsius"],
        ["Hz"] = ["hertz"],
        ["m"] = ["meters", "metres"],
        ["g"] = ["grams"],
        ["W"] = ["watts"],
        ["J"] = ["joules"],
        ["V"] = ["volts"],
        ["A"] = ["amperes"],
    };

    /// <summary>Endings that are units of time or size and nothing else.</summary>
    private static readonly HashSet<string> Endings =
        ["seconds", "milliseconds", "microseconds", "nanoseconds", "millis", "nanos", "ms", "bytes", "kilobytes", "megabytes", "gigabytes", "kb", "mb", "gb", "mib", "gib"];

    /// <summary>The part of the name that is its unit; "" when none is. An annotation ({request}) is no unit.</summary>
    /// <param name="unit">As the metric has it; "" where it has none.</param>
    public static string UnitIn(string name, string unit)
    {
        var parts = name.ToLowerInvariant().Split(Separators, StringSplitOptions.RemoveEmptyEntries);
        if (unit.Length == 0)
        {
            return parts.Length > 1 && Endings.Contains(parts[^1]) ? parts[^1] : "";
        }

        var words = Words.GetValueOrDefault(unit, []);
        // One letter is too little to know it for a unit: "h" and "m" are parts of names.
        var code = unit.Length > 1 && char.IsAsciiLetter(unit[0]) && parts.Length > 1 ? unit.ToLowerInvariant() : null;
        return parts.FirstOrDefault(part => words.Contains(part) || part == code) ?? "";
    }

    /// <summary>Whether it is the key of an attribute of the semantic conventions.</summary>
    public static bool IsAttributeKey(string name) => AttributeKeyTable.Keys.Contains(name);
}
