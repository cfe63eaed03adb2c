namespace Gantry.Hub.Fleet;

/// <summary>What operators may say about an agent.</summary>
internal static class OperatorAttributes
{
    private const int Most = 64;
    private const int MostKey = 128;
    private const int MostValue = 1_024;

    /// <returns>What is wrong, in words; null when all is well.</returns>
    public static string? Problem(IReadOnlyDictionary<string, string> attributes)
    {
        if (attributes.Count > Most)
        {
            return $"{attributes.Count} attributes: expected at most {Most}";
        }

        foreach (var (key, value) in attributes)
        {
            if (key.Length is 0 or > MostKey || key.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c)))
            {
                return $"attribute \"{key}\": a name has 1 to {MostKey} characters and no blanks";
            }

            if (key.StartsWith("collector.", StringComparison.Ordinal))
            {
                return $"attribute \"{key}\": collector.* is the hub's own";
            }

            if (value is null || value.Length > MostValue)
            {
                return $"attribute \"{key}\": a value is text of at most {MostValue} characters";
            }
        }

        return null;
    }
}
