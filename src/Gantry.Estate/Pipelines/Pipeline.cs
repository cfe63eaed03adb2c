using Gantry.Estate.Agents;
using Gantry.Estate.Alloy;
using Gantry.Estate.Matching;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines;

/// <summary>What a pipeline's contents are written for.</summary>
public enum PipelineType
{
    /// <summary>OpenTelemetry Collector YAML.</summary>
    Otelcol,

    /// <summary>Grafana Alloy.</summary>
    Alloy,

    /// <summary>eBPF instrumentation (OBI) YAML, for Gantry's own agent.</summary>
    Obi,

    /// <summary>Settings of an SDK inside an application.</summary>
    Sdk,

    /// <summary>What Gantry's own agent is to instrument: an <c>Instrumentation</c> resource.</summary>
    Instrumentation,
}

/// <summary>A <c>Pipeline</c> resource, or an <c>Instrumentation</c>, read: a piece of configuration, and which agents get it.</summary>
/// <param name="DisplayName">For people, and for clients that know it by another name; the resource's name where it has none.</param>
/// <param name="Priority">-1000 to 1000, 0 when not written. Where pipelines of one agent are put together in order, the higher one comes first and goes first.</param>
/// <param name="Matchers">All must hold; without any it is for no agent.</param>
public sealed record Pipeline(
    string Name, string DisplayName, PipelineType Type, bool Enabled, int Priority, IReadOnlyList<AgentMatcher> Matchers, PipelineContents Contents)
{
    public AgentKind Kind => Type switch
    {
        PipelineType.Otelcol => AgentKind.Collector,
        PipelineType.Alloy => AgentKind.Alloy,
        PipelineType.Obi or PipelineType.Instrumentation => AgentKind.Gantry,
        _ => AgentKind.Sdk,
    };

    /// <summary>Of type alloy: what its module is called.</summary>
    public string ModuleName { get; } = Type == PipelineType.Alloy ? Configurations.AlloyCompiler.NameOf(Name) : "";

    /// <summary>As an origin names it: "pipelines/edge".</summary>
    public string Resource => $"{ResourceKind.Plural}/{Name}";

    /// <summary>The kind of resource that it was declared as.</summary>
    public ResourceKind ResourceKind => Type == PipelineType.Instrumentation ? Instrumentation.InstrumentationReader.Kind : PipelineReader.Kind;

    /// <summary>Higher priority first, then by name.</summary>
    public static IEnumerable<Pipeline> InOrder(IEnumerable<Pipeline> pipelines) =>
        pipelines.OrderByDescending(pipeline => pipeline.Priority).ThenBy(pipeline => pipeline.Name, StringComparer.Ordinal);
}

public abstract record PipelineContents;

/// <summary>Of type otelcol.</summary>
/// <param name="KeepsOrder">Processors stay as written.</param>
public sealed record CollectorContents(CollectorConfig Config, bool KeepsOrder) : PipelineContents;

/// <summary>Of type alloy.</summary>
/// <param name="Text">As given.</param>
/// <param name="Place">Where the text stands in the document.</param>
public sealed record AlloyContents(string Text, AlloyBody Body, AlloyUses Uses, ScalarNode Place) : PipelineContents;

/// <summary>Of types obi and sdk.</summary>
public sealed record SettingsContents(MappingNode Settings) : PipelineContents;
