using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines;

/// <summary>One component of a collector configuration: <c>receivers: {otlp/in: …}</c>.</summary>
/// <param name="Section">"receivers", "processors", "exporters", "connectors" or "extensions".</param>
/// <param name="Id">"otlp/in"</param>
/// <param name="Config">Null where it is written without one.</param>
public sealed record CollectorComponent(string Section, string Id, ScalarNode Key, Node? Config)
{
    /// <summary>"otlp"</summary>
    public string Type => Id.Split('/', 2)[0];
}

/// <summary>One of <c>service.pipelines</c>.</summary>
/// <param name="Id">"traces/in"</param>
public sealed record CollectorPipeline(string Id, ScalarNode Key, IReadOnlyList<ScalarNode> Receivers, IReadOnlyList<ScalarNode> Processors, IReadOnlyList<ScalarNode> Exporters)
{
    public string Signal => Id.Split('/', 2)[0];
}

/// <summary>A collector configuration, read from the contents of one pipeline, and sound in itself.</summary>
/// <param name="Extensions"><c>service.extensions</c></param>
/// <param name="Telemetry"><c>service.telemetry</c>; null without.</param>
/// <param name="Destinations">What exporters named <c>destination/NAME</c> refer to, once each, by its first place.</param>
/// <param name="Ports">What its receivers and extensions listen on.</param>
public sealed record CollectorConfig(
    IReadOnlyList<CollectorComponent> Components,
    IReadOnlyList<CollectorPipeline> Pipelines,
    IReadOnlyList<ScalarNode> Extensions,
    MappingNode? Telemetry,
    IReadOnlyList<ScalarNode> Destinations,
    IReadOnlyList<ListenPort> Ports)
{
    /// <summary>An exporter that stands for a <c>Destination</c> resource.</summary>
    public const string DestinationPrefix = "destination/";

    public static readonly IReadOnlyList<string> Sections = ["receivers", "processors", "exporters", "connectors", "extensions"];
}

/// <summary>A port that a component listens on.</summary>
/// <param name="Network">"tcp" or "udp".</param>
/// <param name="Component">"receivers.otlp"</param>
/// <param name="At">The setting that says so; the component's name where it is a default.</param>
public sealed record ListenPort(string Network, int Port, string Component, ScalarNode At)
{
    public override string ToString() => $"{Port}/{Network}";
}
