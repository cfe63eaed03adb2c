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

    /// <summary>Text, in quotes where YAML would read something else.</summary>
    public static Node Text(string text) => new ScalarNode(text, quoted: false, 0, 0) is { IsText: true } plain ? plain : Nodes.Quoted(text);

    /// <summary>A number or a truth value.</summary>
    public static Node Word(string word) => Nodes.Text(word);

    public static ListNode List(params IEnumerable<Node> items) => new([.. items], 0, 0);

    public static ListNode Texts(params IEnumerable<string> texts) => List(texts.Select(Text));

    public static MappingNode Labels(string name) => Map(("app.kubernetes.io/name", Text(name)), ("app.kubernetes.io/managed-by", Text("gantry")));

    public static ListNode Environment(IEnumerable<(string Name, string Value)> variables) => List(variables.Select(pair => Map(("name", Text(pair.Name)), ("value", Text(pair.Value)))));

    public static MappingNode HostPath(string name, string path) => Map(("name", Text(name)), ("hostPath", Map(("path", Text(path)))));

    public static MappingNode Mount(string name, string path, bool readOnly) => Map(("name", Text(name)), ("mountPath", Text(path)), ("readOnly", Word(readOnly ? "true" : "false")));
}
