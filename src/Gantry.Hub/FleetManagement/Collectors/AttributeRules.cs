namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>How long and how many attributes may be. Operators are told; what collectors tell beyond is left out, for a registration must not fail.</summary>
internal static class AttributeRules
{
    /// <summary>Names that begin so belong to the collector and the hub.</summary>
    public const string Reserved = "collector.";

    public const int LongestId = 512;

    public const int LongestName = 512;

    public const int LongestKey = 100;

    public const int LongestValue = 150;

    public const int MostRemote = 100;

    private const int LongestLocalKey = 256;

    private const int LongestLocalValue = 1024;

    private const int MostLocal = 128;

    /// <summary>"" when the id can be taken.</summary>
    public static string CheckId(string id, string field = "id") =>
        id.Length == 0 ? $"{field}: is empty; a collector needs one"
        : id.Length > LongestId ? $"{field}: expected at most {LongestId} characters, these are {id.Length}"
        : id.Any(char.IsControl) ? $"{field}: expected no control characters"
        : "";

    /// <summary>"" when operators may set these.</summary>
    public static string CheckRemote(IReadOnlyDictionary<string, string> attributes, string field)
    {
        if (attributes.Count > MostRemote)
        {
            return $"{field}: expected at most {MostRemote} attributes, these are {attributes.Count}";
        }

        foreach (var (key, value) in attributes)
        {
            var problem = key.Length is 0 or > LongestKey ? $"{field}: \"{Cut(key)}\": expected a name of 1 to {LongestKey} characters, this has {key.Length}"
                : key.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase) ? $"{field}.{key}: names that begin with \"{Reserved}\" are reserved; choose another"
                : value.Length > LongestValue ? $"{field}.{key}: expected at most {LongestValue} characters, these are {value.Length}"
                : key.Any(char.IsControl) || value.Any(char.IsControl) ? $"{field}.{Cut(key)}: expected no control characters"
                : "";
            if (problem.Length > 0)
            {
                return problem;
            }
        }

        return "";
    }

    /// <summary>What of a collector's own attributes is kept.</summary>
    /// <param name="problem">What was left out; "" when nothing was.</param>
    public static IReadOnlyDictionary<string, string> TakeLocal(IReadOnlyDictionary<string, string> attributes, out string problem)
    {
        problem = "";
        if (attributes.Count <= MostLocal && attributes.All(Fits))
        {
            return attributes;
        }

        var kept = attributes.Where(Fits).OrderBy(item => item.Key, StringComparer.Ordinal).Take(MostLocal).ToDictionary();
        problem = $"{attributes.Count - kept.Count} of {attributes.Count} attributes were left out: at most {MostLocal} are kept, with names of 1 to {LongestLocalKey} and values of at most {LongestLocalValue} characters";
        return kept;
    }

    private static bool Fits(KeyValuePair<string, string> item) => item.Key.Length is > 0 and <= LongestLocalKey && item.Value.Length <= LongestLocalValue;

    private static string Cut(string text) => text.Length <= 40 ? text : $"{text[..40]}…";
}
