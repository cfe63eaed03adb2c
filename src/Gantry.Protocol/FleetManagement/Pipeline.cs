using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.FleetManagement;

/// <summary>In which language the contents are.</summary>
public enum ConfigType
{
    Unspecified = 0,
    Alloy = 1,
    Otel = 2,
}

/// <summary>Where pipelines come from.</summary>
public enum SourceType
{
    Unspecified = 0,
    Git = 1,
    Terraform = 2,
    Grafana = 3,
}

/// <summary>Who wrote a pipeline last: a sync deletes only what has its own type and namespace.</summary>
public sealed class PipelineSource : FieldedMessage<PipelineSource>
{
    private static readonly FieldTable<PipelineSource> Table = new(
        Field.Enum<PipelineSource, SourceType>(1, "type", EnumKinds.SourceType, static message => message.Type, static (message, value) => message.Type = value),
        Field.Text<PipelineSource>(2, "namespace", static message => message.Namespace, static (message, value) => message.Namespace = value));

    public SourceType Type { get; set; }

    public string Namespace { get; set; } = "";

    private protected override FieldTable<PipelineSource> Fields => Table;
}

/// <summary>A piece of configuration with matchers.</summary>
public sealed class Pipeline : FieldedMessage<Pipeline>
{
    private static readonly FieldTable<Pipeline> Table = new(
        Field.Text<Pipeline>(1, "name", static message => message.Name, static (message, value) => message.Name = value),
        Field.Text<Pipeline>(2, "contents", static message => message.Contents, static (message, value) => message.Contents = value),
        Field.Texts<Pipeline>(3, "matchers", static message => message.Matchers),
        Field.Time<Pipeline>(4, "created_at", static message => message.CreatedAt, static (message, value) => message.CreatedAt = value),
        Field.Time<Pipeline>(5, "updated_at", static message => message.UpdatedAt, static (message, value) => message.UpdatedAt = value),
        Field.OptionalFlag<Pipeline>(6, "enabled", static message => message.Enabled, static (message, value) => message.Enabled = value),
        Field.OptionalText<Pipeline>(7, "id", static message => message.Id, static (message, value) => message.Id = value),
        Field.Message<Pipeline, Struct>(8, "metadata", static message => message.Metadata, static (message, value) => message.Metadata = value),
        Field.Message<Pipeline, PipelineSource>(9, "source", static message => message.Source, static (message, value) => message.Source = value),
        Field.Enum<Pipeline, ConfigType>(10, "config_type", EnumKinds.ConfigType, static message => message.ConfigType, static (message, value) => message.ConfigType = value));

    /// <summary>Unique.</summary>
    public string Name { get; set; } = "";

    public string Contents { get; set; } = "";

    /// <summary>As Alertmanager writes them; all must match.</summary>
    public List<string> Matchers { get; init; } = [];

    public Timestamp? CreatedAt { get; set; }

    public Timestamp? UpdatedAt { get; set; }

    public bool? Enabled { get; set; }

    /// <summary>Given by the server.</summary>
    public string? Id { get; set; }

    public Struct? Metadata { get; set; }

    public PipelineSource? Source { get; set; }

    public ConfigType ConfigType { get; set; }

    private protected override FieldTable<Pipeline> Fields => Table;
}

/// <summary>All of them, there are no pages.</summary>
public sealed class Pipelines : FieldedMessage<Pipelines>
{
    private static readonly FieldTable<Pipelines> Table = new(Field.Messages<Pipelines, Pipeline>(1, "pipelines", static message => message.Items));

    public List<Pipeline> Items { get; init; } = [];

    private protected override FieldTable<Pipelines> Fields => Table;
}
