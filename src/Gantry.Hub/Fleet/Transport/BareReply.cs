using Gantry.Protocol.OpAmp;
using Gantry.Protocol.WebSockets;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Fleet.Transport;

/// <summary>The answer to a heartbeat, as a WebSocket frame: header, OpAMP's header 0, instance_uid = 1, capabilities = 7. Written without an object.</summary>
internal static class BareReply
{
    /// <param name="target">64 bytes do.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> target, Guid uid, ServerCapabilities capabilities)
    {
        var payload = target[2..];
        payload[0] = 0;
        payload[1] = (1 << 3) | (int)WireType.LengthDelimited;
        payload[2] = 16;
        uid.TryWriteBytes(payload[3..], bigEndian: true, out _);
        payload[19] = (7 << 3) | (int)WireType.Varint;
        ProtoWriter.WriteVarint(payload[20..], (ulong)capabilities);
        var length = 20 + ProtoWriter.VarintSize((ulong)capabilities);
        FrameHeader.Write(target, Opcode.Binary, length);
        return 2 + length;
    }
}
