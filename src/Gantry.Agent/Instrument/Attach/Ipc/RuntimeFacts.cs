using System.Buffers.Binary;
using System.Text;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Instrument.Attach.Ipc;

/// <summary>
/// What a runtime says of itself. ProcessInfo2: process id u64, cookie GUID, then texts: command line, operating system, architecture, entry assembly,
/// version of the runtime. The command line may hold secrets: it is stepped over.
/// </summary>
internal sealed record RuntimeFacts(ulong Pid, string EntryAssembly, string Version)
{
    private const byte ProcessInfo2 = 0x04;
    private const int LongestText = 512;

    public int Major => int.TryParse(Version.AsSpan(0, Math.Max(0, Version.IndexOf('.'))), out var major) ? major : 0;

    public static ReadOnlyMemory<byte> Request()
    {
        using var writer = new ProtoWriter(64);
        IpcMessage.Begin(writer, IpcMessage.Process, ProcessInfo2);
        return IpcMessage.End(writer);
    }

    /// <returns>Null when the answer is none.</returns>
    public static RuntimeFacts? Parse(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 24)
        {
            return null;
        }

        var pid = BinaryPrimitives.ReadUInt64LittleEndian(payload);
        var rest = payload[24..];
        return TrySkip(ref rest) && TrySkip(ref rest) && TrySkip(ref rest) && TryText(ref rest, out var assembly) && TryText(ref rest, out var version)
            ? new RuntimeFacts(pid, assembly, version.Split('+')[0])
            : null;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> rest) => TryTake(ref rest, out _);

    private static bool TryText(ref ReadOnlySpan<byte> rest, out string text)
    {
        var isThere = TryTake(ref rest, out var bytes) && bytes.Length <= LongestText * 2;
        text = isThere ? Encoding.Unicode.GetString(bytes).TrimEnd('\0') : "";
        return isThere;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (rest.Length < 4)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        if (length > (rest.Length - 4) / 2)
        {
            return false;
        }

        bytes = rest.Slice(4, (int)length * 2);
        rest = rest[(4 + bytes.Length)..];
        return true;
    }
}
