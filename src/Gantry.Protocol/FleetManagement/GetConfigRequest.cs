using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.FleetManagement;

/// <summary>What a collector asks for with every poll. Only <see cref="Id"/> must be there.</summary>
public sealed class GetConfigRequest : FieldedMessage<GetConfigRequest>
{
    private static readonly FieldTable<GetConfigRequest> Table = new(
        Field.Text<GetConfigRequest>(1, "id", static message => message.Id, static (message, value) => message.Id = value),
        Field.TextMap<GetConfigRequest>(2, "attributes", static message => message.Attributes),
        Field.Text<GetConfigRequest>(3, "hash", static message => message.Hash, static (message, value) => message.Hash = value),
        Field.TextMap<GetConfigRequest>(4, "local_attributes", static message => message.LocalAttributes),
        Field.Message<GetConfigRequest, RemoteConfigStatus>(5, "remote_config_status", static message => message.RemoteConfigStatus, static (message, value) => message.RemoteConfigStatus = value),
        Field.Message<GetConfigRequest, EffectiveConfig>(6, "effective_config", static message => message.EffectiveConfig, static (message, value) => message.EffectiveConfig = value));

    public string Id { get; set; } = "";

    /// <summary>Deprecated: what Alloy before 1.7 sends in place of <see cref="LocalAttributes"/>.</summary>
    public Dictionary<string, string> Attributes { get; init; } = [];

    /// <summary>Of the last answer that it got; "" after each start.</summary>
    public string Hash { get; set; } = "";

    public Dictionary<string, string> LocalAttributes { get; init; } = [];

    /// <summary>Left out when it is as in the request before; Alloy before 1.12 never sends it.</summary>
    public RemoteConfigStatus? RemoteConfigStatus { get; set; }

    /// <summary>Left out when it is as in the request before.</summary>
    public EffectiveConfig? EffectiveConfig { get; set; }

    private protected override FieldTable<GetConfigRequest> Fields => Table;
}

/// <summary>What the collector should run.</summary>
public sealed class GetConfigResponse : FieldedMessage<GetConfigResponse>
{
    private static readonly FieldTable<GetConfigResponse> Table = new(
        Field.Text<GetConfigResponse>(1, "content", static message => message.Content, static (message, value) => message.Content = value),
        Field.Text<GetConfigResponse>(2, "hash", static message => message.Hash, static (message, value) => message.Hash = value),
        Field.Flag<GetConfigResponse>(3, "not_modified", static message => message.NotModified, static (message, value) => message.NotModified = value));

    /// <summary>The whole configuration. Never "" for "nothing": Alloy takes an empty text for no change, and goes on with what runs.</summary>
    public string Content { get; set; } = "";

    /// <summary>Comes back with the next request; "" leaves the collector with the one that it has.</summary>
    public string Hash { get; set; } = "";

    /// <summary>The hash of the request is the current one; the content is not looked at.</summary>
    public bool NotModified { get; set; }

    private protected override FieldTable<GetConfigResponse> Fields => Table;
}
