using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>EffectiveConfig: config_map = 1. What the agent really runs.</summary>
public sealed class EffectiveConfig : IWireMessage
{
    public AgentConfigMap Map { get; } = new();

    public void WriteTo(ProtoWriter writer) => writer.Message(1, Map);

    public bool ReadField(ref ProtoReader reader)
    {
        if (reader.Tag is not (1, WireType.LengthDelimited))
        {
            return false;
        }

        reader.ReadInto(Map);
        return true;
    }
}

/// <summary>AgentRemoteConfig: config = 1, config_hash = 2. What the server wants to run.</summary>
public sealed class AgentRemoteConfig : IWireMessage
{
    public AgentConfigMap Map { get; } = new();

    public byte[] Hash { get; set; } = [];

    public void WriteTo(ProtoWriter writer)
    {
        writer.Message(1, Map);
        writer.Bytes(2, Hash);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                reader.ReadInto(Map);
                return true;
            case (2, WireType.LengthDelimited):
                Hash = reader.ReadBytes().ToArray();
                return true;
            default:
                return false;
        }
    }
}

/// <summary>RemoteConfigStatus: last_remote_config_hash = 1, status = 2, error_message = 3.</summary>
public sealed class RemoteConfigStatus : IWireMessage
{
    public byte[] LastHash { get; set; } = [];

    public RemoteConfigState State { get; set; }

    public string ErrorMessage { get; set; } = "";

    public void WriteTo(ProtoWriter writer)
    {
        writer.Bytes(1, LastHash);
        writer.Int(2, (int)State);
        writer.String(3, ErrorMessage);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                LastHash = reader.ReadBytes().ToArray();
                return true;
            case (2, WireType.Varint):
                State = (RemoteConfigState)reader.ReadInt32();
                return true;
            case (3, WireType.LengthDelimited):
                ErrorMessage = reader.ReadString();
                return true;
            default:
                return false;
        }
    }
}
