using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>
/// AgentToServer, specification v0.20: instance_uid = 1, sequence_num = 2, agent_description = 3, capabilities = 4, health = 5,
/// effective_config = 6, remote_config_status = 7, package_statuses = 8, agent_disconnect = 9, flags = 10, connection_settings_request = 11,
/// custom_capabilities = 12, custom_message = 13, available_components = 14, connection_settings_status = 15.
/// A sub-message that is null was not sent: the server keeps what it had. Fields not listed are passed over.
/// </summary>
public sealed class AgentToServer : IWireMessage
{
    /// <summary>16 bytes, a UUID, version 7 preferred.</summary>
    public byte[] InstanceUid { get; set; } = [];

    public ulong SequenceNum { get; set; }

    public AgentDescription? Description { get; set; }

    /// <summary>0 in a later message means unchanged.</summary>
    public AgentCapabilities Capabilities { get; set; }

    public ComponentHealth? Health { get; set; }

    public EffectiveConfig? EffectiveConfig { get; set; }

    public RemoteConfigStatus? RemoteConfigStatus { get; set; }

    public PackageStatuses? PackageStatuses { get; set; }

    /// <summary>The agent says goodbye: this is its last message.</summary>
    public AgentDisconnect? Disconnect { get; set; }

    public AgentToServerFlags Flags { get; set; }

    public ConnectionSettingsRequest? ConnectionSettingsRequest { get; set; }

    /// <summary>Names, as reverse FQDN with a version, of the custom messages that the agent knows.</summary>
    public CustomCapabilities? CustomCapabilities { get; set; }

    public CustomMessage? CustomMessage { get; set; }

    public AvailableComponents? AvailableComponents { get; set; }

    public ConnectionSettingsStatus? ConnectionSettingsStatus { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Bytes(1, InstanceUid);
        writer.Varint(2, SequenceNum);
        writer.Message(3, Description);
        writer.Varint(4, (ulong)Capabilities);
        writer.Message(5, Health);
        writer.Message(6, EffectiveConfig);
        writer.Message(7, RemoteConfigStatus);
        writer.Message(8, PackageStatuses);
        writer.Message(9, Disconnect);
        writer.Varint(10, (ulong)Flags);
        writer.Message(11, ConnectionSettingsRequest);
        writer.Message(12, CustomCapabilities);
        writer.Message(13, CustomMessage);
        writer.Message(14, AvailableComponents);
        writer.Message(15, ConnectionSettingsStatus);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                InstanceUid = reader.ReadBytes().ToArray();
                return true;
            case (2, WireType.Varint):
                SequenceNum = reader.ReadVarint();
                return true;
            case (3, WireType.LengthDelimited):
                Description = reader.ReadInto(Description ?? new());
                return true;
            case (4, WireType.Varint):
                Capabilities = (AgentCapabilities)reader.ReadVarint();
                return true;
            case (5, WireType.LengthDelimited):
                Health = reader.ReadInto(Health ?? new());
                return true;
            case (6, WireType.LengthDelimited):
                EffectiveConfig = reader.ReadInto(EffectiveConfig ?? new());
                return true;
            case (7, WireType.LengthDelimited):
                RemoteConfigStatus = reader.ReadInto(RemoteConfigStatus ?? new());
                return true;
            case (8, WireType.LengthDelimited):
                PackageStatuses = reader.ReadInto(PackageStatuses ?? new());
                return true;
            case (9, WireType.LengthDelimited):
                Disconnect = reader.ReadInto(new AgentDisconnect());
                return true;
            case (10, WireType.Varint):
                Flags = (AgentToServerFlags)reader.ReadVarint();
                return true;
            case (11, WireType.LengthDelimited):
                ConnectionSettingsRequest = reader.ReadInto(ConnectionSettingsRequest ?? new());
                return true;
            case (12, WireType.LengthDelimited):
                CustomCapabilities = reader.ReadInto(CustomCapabilities ?? new());
                return true;
            case (13, WireType.LengthDelimited):
                CustomMessage = reader.ReadInto(CustomMessage ?? new());
                return true;
            case (14, WireType.LengthDelimited):
                AvailableComponents = reader.ReadInto(AvailableComponents ?? new());
                return true;
            case (15, WireType.LengthDelimited):
                ConnectionSettingsStatus = reader.ReadInto(ConnectionSettingsStatus ?? new());
                return true;
            default:
                return false;
        }
    }
}

/// <summary>AgentDisconnect: no fields.</summary>
public sealed class AgentDisconnect : IWireMessage
{
    public void WriteTo(ProtoWriter writer)
    {
    }

    public bool ReadField(ref ProtoReader reader) => false;
}
