using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>ServerToAgentCommand: type = 1. It travels with instance_uid and capabilities and nothing else.</summary>
public sealed class ServerToAgentCommand : IWireMessage
{
    public CommandType Type { get; set; }

    public void WriteTo(ProtoWriter writer) => writer.Int(1, (int)Type);

    public bool ReadField(ref ProtoReader reader)
    {
        if (reader.Tag is not (1, WireType.Varint))
        {
            return false;
        }

        Type = (CommandType)reader.ReadInt32();
        return true;
    }
}
