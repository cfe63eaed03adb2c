using System.Security.Cryptography;
using System.Text;

namespace Gantry.Protocol.WebSockets;

/// <summary>The opening handshake of RFC 6455, section 4.</summary>
public static class Handshake
{
    private const string Suffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /// <summary>Sec-WebSocket-Accept for a client's Sec-WebSocket-Key.</summary>
#pragma warning disable CA5350 // The RFC demands SHA-1; it proves that the server speaks WebSocket, and nothing more.
    public static string Accept(string key) => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Suffix)));
#pragma warning restore CA5350

    /// <summary>A key is 16 bytes in base64.</summary>
    public static bool IsKey(string key)
    {
        Span<byte> bytes = stackalloc byte[18];
        return key.Length == 24 && Convert.TryFromBase64String(key, bytes, out var count) && count == 16;
    }
}
