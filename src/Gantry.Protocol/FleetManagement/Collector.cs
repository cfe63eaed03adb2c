using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.FleetManagement;

/// <summary>What kind of collector it is.</summary>
public enum CollectorType
{
    Unspecified = 0,
    Alloy = 1,
    Otel = 2,
}

/// <summary>A collector as operators see it.</summary>
public sealed class Collector : FieldedMessage<Collector>
{
    private static readonly FieldTable<Collector> Table = new(
        Field.Text<Collector>(1, "id", static message => message.Id, static (message, value) => message.Id = value),
        Field.TextMap<Collector>(2, "attribute_overrides", static message => message.AttributeOverrides),
        Field.TextMap<Collector>(8, "remote_attributes", static message => message.RemoteAttributes),
        Field.Time<Collector>(3, "created_at", static message => message.CreatedAt, static (message, value) => message.CreatedAt = value),
        Field.Time<Collector>(4, "updated_at", static message => message.UpdatedAt, static (message, value) => message.UpdatedAt = value),
        Field.Text<Collector>(5, "name", static message => message.Name, static (message, value) => message.Name = value),
        Field.TextMap<Collector>(6, "attributes", static message => message.Attributes),
        Field.TextMap<Collector>(9, "local_attributes", static message => message.LocalAttributes),
        Field.OptionalFlag<Collector>(7, "enabled", static message => message.Enabled, static (message, value) => message.Enabled = value),
        Field.Time<Collector>(10, "marked_inactive_at", static message => message.MarkedInactiveAt, static (message, value) => message.MarkedInactiveAt = value),
        Field.Enum<Collector, CollectorType>(11, "collector_type", EnumKinds.CollectorType, static message => message.CollectorType, static (message, value) => message.CollectorType = value));

    public string Id { get; set; } = "";

    /// <summary>Deprecated name of <see cref="RemoteAttributes"/>.</summary>
    public Dictionary<string, string> AttributeOverrides { get; init; } = [];

    /// <summary>Set by operators; they go before local ones, but for <c>collector.*</c>.</summary>
    public Dictionary<string, string> RemoteAttributes { get; init; } = [];

    public Timestamp? CreatedAt { get; set; }

    public Timestamp? UpdatedAt { get; set; }

    /// <summary>For people; nothing matches it.</summary>
    public string Name { get; set; } = "";

    /// <summary>Deprecated name of <see cref="LocalAttributes"/>.</summary>
    public Dictionary<string, string> Attributes { get; init; } = [];

    /// <summary>As the collector last told them.</summary>
    public Dictionary<string, string> LocalAttributes { get; init; } = [];

    /// <summary>False: it gets a configuration with nothing in it.</summary>
    public bool? Enabled { get; set; }

    public Timestamp? MarkedInactiveAt { get; set; }

    public CollectorType CollectorType { get; set; }

    private protected override FieldTable<Collector> Fields => Table;
}
