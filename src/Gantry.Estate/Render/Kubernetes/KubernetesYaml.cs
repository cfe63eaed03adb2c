using Gantry.Estate.Configurations;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Render.Kubernetes;

/// <summary>A document and what it is for.</summary>
internal sealed record KubernetesDocument(string Does, MappingNode Root);

/// <summary>Documents as YAML; each begins with a comment that says what it is for.</summary>
internal static class KubernetesYaml
{
    public static string Write(KubernetesDocument document) => $"# {document.Does}\n{YamlWriter.Write(document.Root)}";

    public static MappingNode Map(params IEnumerable<(string Key, Node Value)> fields) => Nodes.Mapping(fields);

    /// <summary>What YAML 1.1, which Kubernetes reads, takes for a truth value or for nothing.</summary>
    private static readonly string[] Words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

    /// <summary>Text, in quotes where YAML of either version could read something else.</summary>
    public static Node Text(string text) => CouldBeOther(text) ? Nodes.Quoted(text) : Nodes.Text(text);

    private static bool CouldBeOther(string text) =>
        text.Length == 0 || char.IsAsciiDigit(text[0]) || text[0] is '.' or '+' or '~' or '=' or '<' || (text[0] == '-' && text.Length > 1 && (char.IsAsciiDigit(text[1]) || text[1] == '.'))
        || Array.Exists(Words, word => string.Equals(word, text, StringComparison.OrdinalIgnoreCase));

    /// <summary>A number or a truth value.</summary>
    public static Node Word(string word) => Nodes.Text(word);

    public static ListNode List(params IEnumerable<Node> items) => new([.. items], 0, 0);

    public static ListNode Texts(params IEnumerable<string> texts) => List(texts.Select(Text));

    public static MappingNode Labels(string name) => Map(("app.kubernetes.io/name", Text(name)), ("app.kubernetes.io/managed-by", Text("gantry")));

    public static ListNode Environment(IEnumerable<(string Name, string Value)> variables) => List(variables.Select(pair => Map(("name", Text(pair.Name)), ("value", Text(pair.Value)))));

    public static MappingNode HostPath(string name, string path) => Map(("name", Text(name)), ("hostPath", Map(("path", Text(path)))));

    public static MappingNode Mount(string name, string path, bool readOnly) => Map(("name", Text(name)), ("mountPath", Text(path)), ("readOnly", Word(readOnly ? "true" : "false")));
}
