using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>
/// ServerToAgent, specification v0.20: instance_uid = 1, error_response = 2, remote_config = 3, connection_settings = 4,
/// packages_available = 5, flags = 6, capabilities = 7, agent_identification = 8, command = 9, custom_capabilities = 10, custom_message = 11. An error response excludes all other fields but the uid.
/// </summary>
public sealed class ServerToAgent : IWireMessage
{
    /// <summary>The uid of the agent that is meant; it equals the request's.</summary>
    public byte[] InstanceUid { get; set; } = [];

    public ServerErrorResponse? Error { get; set; }

    public AgentRemoteConfig? RemoteConfig { get; set; }

    public ConnectionSettingsOffers? ConnectionSettings { get; set; }

    public PackagesAvailable? PackagesAvailable { get; set; }

    public ServerToAgentFlags Flags { get; set; }

    public ServerCapabilities Capabilities { get; set; }

    public AgentIdentification? Identification { get; set; }

    /// <summary>Excludes all other fields but the uid and the capabilities.</summary>
    public ServerToAgentCommand? Command { get; set; }

    public CustomCapabilities? CustomCapabilities { get; set; }

    public CustomMessage? CustomMessage { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Bytes(1, InstanceUid);
        writer.Message(2, Error);
        writer.Message(3, RemoteConfig);
        writer.Message(4, ConnectionSettings);
        writer.Message(5, PackagesAvailable);
        writer.Varint(6, (ulong)Flags);
        writer.Varint(7, (ulong)Capabilities);
        writer.Message(8, Identification);
        writer.Message(9, Command);
        writer.Message(10, CustomCapabilities);
        writer.Message(11, CustomMessage);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                InstanceUid = reader.ReadBytes().ToArray();
                return true;
            case (2, WireType.LengthDelimited):
                Error = reader.ReadInto(Error ?? new());
                return true;
            case (3, WireType.LengthDelimited):
                RemoteConfig = reader.ReadInto(RemoteConfig ?? new());
                return true;
            case (4, WireType.LengthDelimited):
                ConnectionSettings = reader.ReadInto(ConnectionSettings ?? new());
                return true;
            case (5, WireType.LengthDelimited):
                PackagesAvailable = reader.ReadInto(PackagesAvailable ?? new());
                return true;
            case (6, WireType.Varint):
                Flags = (ServerToAgentFlags)reader.ReadVarint();
                return true;
            case (7, WireType.Varint):
                Capabilities = (ServerCapabilities)reader.ReadVarint();
                return true;
            case (8, WireType.LengthDelimited):
                Identification = reader.ReadInto(Identification ?? new());
                return true;
            case (9, WireType.LengthDelimited):
                Command = reader.ReadInto(Command ?? new());
                return true;
            case (10, WireType.LengthDelimited):
                CustomCapabilities = reader.ReadInto(CustomCapabilities ?? new());
                return true;
            case (11, WireType.LengthDelimited):
                CustomMessage = reader.ReadInto(CustomMessage ?? new());
                return true;
            default:
                return false;
        }
    }
}

/// <summary>AgentIdentification: new_instance_uid = 1, 16 bytes that the agent uses from now on.</summary>
public sealed class AgentIdentification : IWireMessage
{
    public byte[] NewInstanceUid { get; set; } = [];

    public void WriteTo(ProtoWriter writer) => writer.Bytes(1, NewInstanceUid);

    public bool ReadField(ref ProtoReader reader)
    {
        if (reader.Tag is not (1, WireType.LengthDelimited))
        {
            return false;
        }

        NewInstanceUid = reader.ReadBytes().ToArray();
        return true;
    }
}
