using Gantry.Estate.Resources;

namespace Gantry.Hub.Objectives.OpenSlo;

/// <summary>One object of an OpenSLO file, or one that stands inside another.</summary>
internal sealed class OpenSloObject(Node root, string kind, ResourceProblems problems)
{
    public string Kind { get; } = kind;

    public Node Root { get; } = root;

    public string Name => Text("metadata", "name");

    public string Title => Text("metadata", "displayName");

    public string Annotation(string name) => Text("metadata", "annotations", OpenSloWriter.Prefix + name);

    public Node? Find(params ReadOnlySpan<string> path) => Find(Root, path);

    public static Node? Find(Node? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = (node as MappingNode)?.Fields.FirstOrDefault(field => field.Key.Text == name)?.Value;
        }

        return node is ScalarNode { IsNull: true } ? null : node;
    }

    public string Text(params ReadOnlySpan<string> path) => Find(path) is ScalarNode scalar ? scalar.Text : "";

    public static string TextOf(Node? node, params ReadOnlySpan<string> path) => Find(node, path) is ScalarNode scalar ? scalar.Text : "";

    /// <summary>Says what is not taken, or taken otherwise, and why.</summary>
    public void Note(Node? at, string field, string why) => problems.Warn(at ?? Root, $"{Kind} {Name}{(field.Length > 0 ? $" {field}" : "")}", why);
}
