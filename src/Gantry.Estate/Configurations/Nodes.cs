using Gantry.Estate.Resources;

namespace Gantry.Estate.Configurations;

/// <summary>Nodes that nobody wrote: line 0.</summary>
internal static class Nodes
{
    public static ScalarNode Text(string text) => new(text, quoted: false, 0, 0);

    public static ScalarNode Nothing { get; } = Text("");

    public static ScalarNode Quoted(string text) => new(text, quoted: true, 0, 0);

    public static MappingNode Mapping(params IEnumerable<(string Key, Node Value)> fields) => new([.. fields.Select(field => new MappingField(Text(field.Key), field.Value))], 0, 0);

    public static Node ListOf(IEnumerable<string> items) => new ListNode([.. items.Select(Text)], 0, 0);

    /// <summary>Two nodes that say the same, wherever they were written.</summary>
    public static bool Same(Node a, Node b) => (a, b) switch
    {
        (ScalarNode x, ScalarNode y) => x.Text == y.Text && x.IsText == y.IsText,
        (ListNode x, ListNode y) => x.Items.Count == y.Items.Count && x.Items.Zip(y.Items).All(pair => Same(pair.First, pair.Second)),
        (MappingNode x, MappingNode y) => x.Fields.Count == y.Fields.Count
            && x.Fields.All(field => y.Fields.FirstOrDefault(other => other.Key.Text == field.Key.Text) is { } other && Same(field.Value, other.Value)),
        _ => false,
    };
}
