using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>
/// An AgentToServer that says nothing but "I am still there": instance_uid, sequence_num, capabilities and no other field. Nearly all messages of a fleet
/// at rest are, so this reads them without an object.
/// </summary>
public readonly record struct BareMessage(Guid InstanceUid, ulong SequenceNum, AgentCapabilities Capabilities)
{
    /// <returns>False for any other message, also a malformed one: read it in full.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out BareMessage message)
    {
        message = default;
        ReadOnlySpan<byte> uid = default;
        ulong sequence = 0, capabilities = 0;
        var reader = new ProtoReader(bytes);
        while (reader.Next())
        {
            switch (reader.Tag)
            {
                case (1, WireType.LengthDelimited):
                    uid = reader.ReadBytes();
                    break;
                case (2, WireType.Varint):
                    sequence = reader.ReadVarint();
                    break;
                case (4, WireType.Varint):
                    capabilities = reader.ReadVarint();
                    break;
                default:
                    return false;
            }
        }

        if (reader.Error != WireError.None || uid.Length != 16)
        {
            return false;
        }

        message = new BareMessage(new Guid(uid, bigEndian: true), sequence, (AgentCapabilities)capabilities);
        return true;
    }
}
