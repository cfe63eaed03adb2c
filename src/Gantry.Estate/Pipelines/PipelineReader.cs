using Gantry.Estate.Matching;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines;

/// <summary>
/// Reads the spec of a <c>Pipeline</c>:
/// <code>
/// type: otelcol                  # otelcol, alloy, obi or sdk
/// matchers: ['collector.os=linux', 'env=~"prod|stage"']
/// enabled: true
/// priority: 0                    # -1000 to 1000; higher comes first, and goes first where two say different things
/// displayName: Edge              # for people
/// processorOrder: recommended    # otelcol; or asWritten
/// contents: |                    # otelcol, obi: YAML, as text or inline; alloy: text; sdk: settings
/// </code>
/// </summary>
public static class PipelineReader
{
    private const int LeastPriority = -1000;

    private const int MostPriority = 1000;

    private const int LongestDisplayName = 200;

    private const int MostSettings = 200;

    public static ResourceKind Kind { get; } = new("Pipeline", "pipelines", Read, model => Summary((Pipeline)model)) { Most = 20_000 };

    private static Pipeline? Read(string name, FieldReader spec, ResourceProblems problems)
    {
        var before = problems.All.Count;
        if (spec.Find("type") is null)
        {
            spec.Problem("type", "is missing; write type: otelcol, or alloy, obi, sdk");
        }

        var type = spec.FindWord("type", ("otelcol", PipelineType.Otelcol), ("alloy", PipelineType.Alloy), ("obi", PipelineType.Obi), ("sdk", PipelineType.Sdk));
        var matchers = MatcherReader.Read(spec, problems);
        var enabled = spec.FindWord("enabled", ("true", true), ("false", false)) ?? true;
        var priority = spec.FindInteger("priority", LeastPriority, MostPriority) ?? 0;
        var display = spec.FindText("displayName")?.Text ?? name;
        if (display.Length is 0 or > LongestDisplayName || display.Any(char.IsControl))
        {
            spec.Problem("displayName", $"expected 1 to {LongestDisplayName} characters without control characters");
        }

        var keepsOrder = spec.FindWord("processorOrder", ("recommended", false), ("asWritten", true));
        if (keepsOrder is not null && type is { } known && known != PipelineType.Otelcol)
        {
            spec.Problem("processorOrder", "is for type otelcol; leave it out");
        }

        PipelineContents? contents = null;
        if (spec.Find("contents") is not { } node)
        {
            spec.Problem("contents", "is missing; it is the configuration itself");
        }
        else if (type is { } found)
        {
            contents = Contents(found, node, spec.FieldOf("contents"), keepsOrder ?? false, problems);
        }

        spec.Done(
            ("rollout", "a change reaches every matching agent at once"),
            ("source", "give it beside the document: gantry apply --owner git/NAME"));
        return problems.All.Count == before && type is { } sound && contents is not null
            ? new Pipeline(name, display, sound, enabled, priority, matchers, contents)
            : null;
    }

    private static PipelineContents? Contents(PipelineType type, Node node, string path, bool keepsOrder, ResourceProblems problems)
    {
        if (type == PipelineType.Alloy)
        {
            if (node is ScalarNode { IsNull: false } text)
            {
                return AlloyContentsReader.Read(text, path, problems);
            }

            problems.Add(node, path, $"expected Alloy text (contents: |), this is {node.Word}");
            return null;
        }

        if (Mapping(node, path, problems) is not { } mapping)
        {
            return null;
        }

        switch (type)
        {
            case PipelineType.Otelcol:
                return CollectorConfigReader.Read(mapping, path, keepsOrder, problems) is { } config ? new CollectorContents(config, keepsOrder) : null;
            case PipelineType.Obi:
                SecretWords.Check(mapping, path, problems);
                return new SettingsContents(mapping);
            default:
                CheckSettings(mapping, path, problems);
                return new SettingsContents(mapping);
        }
    }

    /// <summary>Inline, or as a text inside the document.</summary>
    private static MappingNode? Mapping(Node node, string path, ResourceProblems problems)
    {
        var read = node is ScalarNode { IsText: true } text ? problems.ReadText?.Invoke(text, problems) : node;
        if (read is MappingNode mapping)
        {
            return mapping;
        }

        if (read is not null)
        {
            problems.Add(read, path, $"expected a mapping (name: value), inline or as text, this is {read.Word}");
        }

        return null;
    }

    private static void CheckSettings(MappingNode settings, string path, ResourceProblems problems)
    {
        if (settings.Fields.Count is 0 or > MostSettings)
        {
            problems.Add(settings, path, $"expected 1 to {MostSettings} settings, these are {settings.Fields.Count}");
        }

        var seen = new HashSet<string>();
        foreach (var (key, value) in settings.Fields)
        {
            var field = $"{path}.{key.Text}";
            if (!key.Text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-') || key.Text.Length is 0 or > 100)
            {
                problems.Add(key, field, "expected a name of letters, digits, '_', '.' and '-'");
            }
            else if (!seen.Add(key.Text))
            {
                problems.Add(key, field, "is there twice; keep one of the two");
            }
            else if (value is not ScalarNode { IsNull: false } scalar)
            {
                problems.Add(value, field, $"expected a text, a number or a truth value, this is {value.Word}");
            }
            else if (SecretWords.IsSecret(key.Text) || key.Text.EndsWith("HEADERS", StringComparison.OrdinalIgnoreCase) || SecretWords.HasUserInfo(scalar.Text))
            {
                problems.Add(scalar.Line, scalar.Column, field, "", "is a secret, which an SDK cannot take by reference; set it where the application runs");
            }
        }
    }

    private static string Summary(Pipeline pipeline)
    {
        var matchers = pipeline.Matchers.Count == 0 ? "no agent" : string.Join(", ", pipeline.Matchers);
        return $"{pipeline.Type.ToString().ToLowerInvariant()}, {matchers}{(pipeline.Enabled ? "" : ", disabled")}";
    }
}
