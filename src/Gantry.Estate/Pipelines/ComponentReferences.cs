using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines;

/// <summary>Settings of components that name another component or a pipeline: they must follow when those get other ids.</summary>
internal static class ComponentReferences
{
    private static readonly HashSet<string> Extensions = ["authenticator", "storage", "encoding", "watch_observers", "extension", "id"];

    private static readonly HashSet<string> Pipelines = ["pipelines", "default_pipelines", "priority_levels", "error_pipelines"];

    public static bool ToExtension(string setting) => Extensions.Contains(setting);

    public static bool ToPipeline(string setting) => Pipelines.Contains(setting);

    /// <summary>Each of them with the name of its setting.</summary>
    public static IEnumerable<(string Setting, ScalarNode Value)> In(Node node, string setting = "") => node switch
    {
        MappingNode mapping => mapping.Fields.SelectMany(field => In(field.Value, field.Key.Text)),
        ListNode list => list.Items.SelectMany(item => In(item, setting)),
        ScalarNode { IsNull: false } scalar when ToExtension(setting) || ToPipeline(setting) => [(setting, scalar)],
        _ => [],
    };
}
