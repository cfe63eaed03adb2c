using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines.Lint;

/// <summary>A configuration that is sound in itself, held against what is known of its components.</summary>
/// <param name="Path">Of the contents.</param>
internal sealed record LintInput(IReadOnlyList<CollectorComponent> Components, IReadOnlyList<CollectorPipeline> Pipelines, MappingNode? Telemetry, string Path)
{
    public string PathOf(CollectorComponent component) => $"{Path}.{component.Section}.{component.Id}";

    public CollectorComponent? Find(string section, ScalarNode id) => Components.FirstOrDefault(component => component.Section == section && component.Id == id.Text);

    /// <summary>Type by its newest name.</summary>
    public static string TypeOf(string section, ScalarNode id) => ComponentRenames.NewestOf(section, id.Text.Split('/')[0]);
}

/// <summary>All rules. What no collector starts with is an error; what depends on its version, or is lawful and unwise, is a warning.</summary>
internal static class ConfigLint
{
    public static void Check(LintInput input, ResourceProblems problems)
    {
        foreach (var component in input.Components)
        {
            SettingsCheck.Check(component, input.PathOf(component), problems);
            ReferenceRules.Check(component.Config, input.PathOf(component), problems);
            SecurityRules.Check(component.Config, input.PathOf(component), problems);
            ComponentRules.Check(component, input.PathOf(component), problems);
        }

        ReferenceRules.Check(input.Telemetry, $"{input.Path}.service.telemetry", problems);
        TelemetryRules.Check(input.Telemetry, $"{input.Path}.service.telemetry", problems);
        PipelineRules.Check(input, problems);
    }

    public static MappingField? Field(Node? node, string name) => (node as MappingNode)?.Fields.FirstOrDefault(field => field.Key.Text == name);

    /// <summary>The scalar at a path of names; null where there is none.</summary>
    public static ScalarNode? Scalar(Node? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            node = Field(node, name)?.Value;
        }

        return node as ScalarNode is { IsNull: false } scalar ? scalar : null;
    }

    /// <summary>Null where it is none, or comes from a reference.</summary>
    public static double? Number(ScalarNode? scalar) =>
        scalar is not null && double.TryParse(scalar.Text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
