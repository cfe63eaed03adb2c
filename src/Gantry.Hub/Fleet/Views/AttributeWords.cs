namespace Gantry.Hub.Fleet.Views;

/// <summary>Operator attributes in a line of the audit log.</summary>
internal static class AttributeWords
{
    public static string Of(IReadOnlyDictionary<string, string> attributes) =>
        attributes.Count == 0 ? "none" : string.Join(", ", attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
}
