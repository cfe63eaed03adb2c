using Gantry.Protocol.Wire;

namespace Gantry.Protocol.OpAmp;

/// <summary>
/// A WebSocket message of OpAMP: a header, which is the varint 0, then the protobuf. The header may take 1 to 10 bytes; any other value
/// makes the message malformed. Plain HTTP bodies have no header. (Specification, "WebSocket Message Format".)
/// </summary>
public static class WebSocketFrame
{
    /// <summary>The bytes behind the header.</summary>
    /// <returns>False when the header is missing or not 0.</returns>
    public static bool TryGetPayload(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> payload)
    {
        for (var i = 0; i < message.Length && i < 10 && (message[i] & 0x7F) == 0; i++)
        {
            if (message[i] == 0)
            {
                payload = message[(i + 1)..];
                return true;
            }
        }

        payload = default;
        return false;
    }

    /// <summary>Writes the header; the protobuf follows it in the same writer.</summary>
    public static void WriteHeader(ProtoWriter writer) => writer.RawVarint(0);
}
