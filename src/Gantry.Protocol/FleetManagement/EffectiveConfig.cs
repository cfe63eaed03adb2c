using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.FleetManagement;

/// <summary>What the collector runs of what it was sent.</summary>
public sealed class EffectiveConfig : FieldedMessage<EffectiveConfig>
{
    private static readonly FieldTable<EffectiveConfig> Table = new(Field.Message<EffectiveConfig, AgentConfigMap>(1, "config_map", static message => message.ConfigMap, static (message, value) => message.ConfigMap = value));

    public AgentConfigMap? ConfigMap { get; set; }

    private protected override FieldTable<EffectiveConfig> Fields => Table;
}

/// <summary>Files by name; Alloy has one, called "".</summary>
public sealed class AgentConfigMap : FieldedMessage<AgentConfigMap>
{
    private static readonly FieldTable<AgentConfigMap> Table = new(Field.MessageMap<AgentConfigMap, AgentConfigFile>(1, "config_map", static message => message.ConfigMap));

    public Dictionary<string, AgentConfigFile> ConfigMap { get; init; } = [];

    private protected override FieldTable<AgentConfigMap> Fields => Table;
}

/// <summary>One file.</summary>
public sealed class AgentConfigFile : FieldedMessage<AgentConfigFile>
{
    private static readonly FieldTable<AgentConfigFile> Table = new(
        Field.Bytes<AgentConfigFile>(1, "body", static message => message.Body, static (message, value) => message.Body = value),
        Field.Text<AgentConfigFile>(2, "content_type", static message => message.ContentType, static (message, value) => message.ContentType = value));

    public byte[] Body { get; set; } = [];

    public string ContentType { get; set; } = "";

    private protected override FieldTable<AgentConfigFile> Fields => Table;
}
