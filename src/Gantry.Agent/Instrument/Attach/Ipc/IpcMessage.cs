using System.Buffers.Binary;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Instrument.Attach.Ipc;

/// <summary>
/// A message of the runtime's diagnostic port (documentation/design-docs/ipc-protocol.md of dotnet/diagnostics):
/// <code>
/// "DOTNET_IPC_V1\0" | size u16, this header included | command set u8 | command u8 | reserved u16 | payload
/// </code>
/// Numbers are little-endian. A text is its length in UTF-16 units with the closing zero, u32, and the units.
/// </summary>
internal static class IpcMessage
{
    public const int HeaderSize = 20;

    public const byte EventPipe = 0x02;
    public const byte Process = 0x04;
    public const byte Server = 0xFF;

    private const byte Ok = 0x00;

    private static ReadOnlySpan<byte> Magic => "DOTNET_IPC_V1\0"u8;

    public static void Begin(ProtoWriter writer, byte set, byte command)
    {
        writer.Clear();
        writer.Raw(Magic);
        writer.Raw([0, 0, set, command, 0, 0]);
    }

    /// <summary>Fills in the size.</summary>
    /// <returns>The message, valid until the writer is used again.</returns>
    public static ReadOnlyMemory<byte> End(ProtoWriter writer)
    {
        var message = writer.ToArray();
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(Magic.Length), checked((ushort)message.Length));
        return message;
    }

    public static void Text(ProtoWriter writer, string text)
    {
        writer.RawFixed32((uint)text.Length + 1);
        writer.Raw(System.Text.Encoding.Unicode.GetBytes(text));
        writer.Raw([0, 0]);
    }

    /// <returns>Bytes of payload that follow.</returns>
    /// <param name="error">What the runtime refused with, an HRESULT; 0 when it did not, or when the payload behind the header says.</param>
    public static int ReadHeader(ReadOnlySpan<byte> header, out bool isOk)
    {
        var size = BinaryPrimitives.ReadUInt16LittleEndian(header[Magic.Length..]);
        if (!header.StartsWith(Magic) || size < HeaderSize || header[16] != Server)
        {
            throw new AttachException(InstrumentationReasons.Failed, "what listens on the diagnostic port does not speak the protocol of a .NET runtime");
        }

        isOk = header[17] == Ok;
        return size - HeaderSize;
    }
}
