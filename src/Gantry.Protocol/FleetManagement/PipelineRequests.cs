using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.FleetManagement;

/// <summary>Filters; those left out let everything through.</summary>
public sealed class ListPipelinesRequest : FieldedMessage<ListPipelinesRequest>
{
    private static readonly FieldTable<ListPipelinesRequest> Table = new(
        Field.TextMap<ListPipelinesRequest>(1, "local_attributes", static message => message.LocalAttributes),
        Field.TextMap<ListPipelinesRequest>(2, "remote_attributes", static message => message.RemoteAttributes),
        Field.OptionalEnum<ListPipelinesRequest, ConfigType>(3, "config_type", EnumKinds.ConfigType, static message => message.ConfigType, static (message, value) => message.ConfigType = value),
        Field.OptionalFlag<ListPipelinesRequest>(4, "enabled", static message => message.Enabled, static (message, value) => message.Enabled = value));

    /// <summary>With the remote ones: only pipelines whose matchers match a collector with them.</summary>
    public Dictionary<string, string> LocalAttributes { get; init; } = [];

    public Dictionary<string, string> RemoteAttributes { get; init; } = [];

    public ConfigType? ConfigType { get; set; }

    public bool? Enabled { get; set; }

    private protected override FieldTable<ListPipelinesRequest> Fields => Table;
}

/// <summary>CreatePipelineRequest, UpdatePipelineRequest and UpsertPipelineRequest.</summary>
public sealed class PipelineRequest : FieldedMessage<PipelineRequest>
{
    private static readonly FieldTable<PipelineRequest> Table = new(
        Field.Message<PipelineRequest, Pipeline>(1, "pipeline", static message => message.Pipeline, static (message, value) => message.Pipeline = value),
        Field.Flag<PipelineRequest>(2, "validate_only", static message => message.ValidateOnly, static (message, value) => message.ValidateOnly = value));

    public Pipeline? Pipeline { get; set; }

    /// <summary>Only say what would come of it.</summary>
    public bool ValidateOnly { get; set; }

    private protected override FieldTable<PipelineRequest> Fields => Table;
}

/// <summary>All pipelines that a source has.</summary>
public sealed class SyncPipelinesRequest : FieldedMessage<SyncPipelinesRequest>
{
    private static readonly FieldTable<SyncPipelinesRequest> Table = new(
        Field.Message<SyncPipelinesRequest, PipelineSource>(1, "source", static message => message.Source, static (message, value) => message.Source = value),
        Field.Messages<SyncPipelinesRequest, Pipeline>(2, "pipelines", static message => message.Pipelines));

    public PipelineSource? Source { get; set; }

    public List<Pipeline> Pipelines { get; init; } = [];

    private protected override FieldTable<SyncPipelinesRequest> Fields => Table;
}

/// <summary>The vendor's own first pipelines.</summary>
public sealed class CreateAlloyPipelinesRequest : FieldedMessage<CreateAlloyPipelinesRequest>
{
    private static readonly FieldTable<CreateAlloyPipelinesRequest> Table = new(
        Field.Text<CreateAlloyPipelinesRequest>(1, "mimir_url", static message => message.MimirUrl, static (message, value) => message.MimirUrl = value),
        Field.Text<CreateAlloyPipelinesRequest>(2, "mimir_username", static message => message.MimirUsername, static (message, value) => message.MimirUsername = value),
        Field.Text<CreateAlloyPipelinesRequest>(3, "loki_url", static message => message.LokiUrl, static (message, value) => message.LokiUrl = value),
        Field.Text<CreateAlloyPipelinesRequest>(4, "loki_username", static message => message.LokiUsername, static (message, value) => message.LokiUsername = value),
        Field.Text<CreateAlloyPipelinesRequest>(5, "otlp_endpoint", static message => message.OtlpEndpoint, static (message, value) => message.OtlpEndpoint = value));

    public string MimirUrl { get; set; } = "";

    public string MimirUsername { get; set; } = "";

    public string LokiUrl { get; set; } = "";

    public string LokiUsername { get; set; } = "";

    public string OtlpEndpoint { get; set; } = "";

    private protected override FieldTable<CreateAlloyPipelinesRequest> Fields => Table;
}

/// <summary>What was made of them.</summary>
public sealed class CreateAlloyPipelinesResponse : FieldedMessage<CreateAlloyPipelinesResponse>
{
    private static readonly FieldTable<CreateAlloyPipelinesResponse> Table = new(Field.Message<CreateAlloyPipelinesResponse, Pipelines>(1, "pipelines", static message => message.Pipelines, static (message, value) => message.Pipelines = value));

    public Pipelines? Pipelines { get; set; }

    private protected override FieldTable<CreateAlloyPipelinesResponse> Fields => Table;
}
