using System.Buffers.Binary;
using System.Text;

namespace Gantry.Agent.Tests.Instrument.Attach;

/// <summary>A nettrace stream as a peer writes it that is no runtime: whatever it wants, in the right form.</summary>
internal sealed class HandMadeStream
{
    private readonly MemoryStream _stream = new();

    public HandMadeStream()
    {
        _stream.Write("Nettrace\u0014\0\0\0!FastSerialization.1"u8);
        Begin("Trace"u8);
        _stream.Write(Clock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), 0));
        _stream.WriteByte(6);
    }

    public byte[] Bytes => _stream.ToArray();

    /// <summary>Content of a Trace object, with a tick of a nanosecond.</summary>
    public static byte[] Clock(DateTimeOffset time, long ticks)
    {
        var trace = new byte[48];
        int[] parts = [time.Year, time.Month, (int)time.DayOfWeek, time.Day, time.Hour, time.Minute, time.Second, time.Millisecond];
        for (var i = 0; i < parts.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(trace.AsSpan(i * 2), (ushort)parts[i]);
        }

        BinaryPrimitives.WriteInt64LittleEndian(trace.AsSpan(16), ticks);
        BinaryPrimitives.WriteInt64LittleEndian(trace.AsSpan(24), 1_000_000_000);
        return trace;
    }

    /// <summary>Names a kind of event.</summary>
    public HandMadeStream Define(uint id, string provider, int number)
    {
        byte[] payload = [.. BitConverter.GetBytes(id), .. Text(provider), .. BitConverter.GetBytes(number), .. Text("Event")];
        return Block("MetadataBlock"u8, Event(0, 0, 0, payload));
    }

    /// <summary>A block of events, one of each thread.</summary>
    public HandMadeStream Events(uint id, IEnumerable<ulong> threads, params string[] texts) =>
        Block("EventBlock"u8, [.. threads.SelectMany(thread => Event(id, 1, thread, [.. texts.SelectMany(Text)]))]);

    public HandMadeStream SequencePoint(ulong firstThread, int count)
    {
        var block = new byte[12 + (count * 12)];
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(8), count);
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(block.AsSpan(12 + (i * 12)), firstThread + (ulong)i);
        }

        return Object("SPBlock"u8, block);
    }

    private static byte[] Text(string text) => Encoding.Unicode.GetBytes(text + "\0");

    private static byte[] Event(uint id, uint number, ulong thread, byte[] payload)
    {
        var bytes = new byte[(80 + payload.Length + 3) & ~3];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), id);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), number);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(20), thread);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(76), payload.Length);
        payload.CopyTo(bytes, 80);
        return bytes;
    }

    /// <summary>Header of 4 bytes, long event headers.</summary>
    private HandMadeStream Block(ReadOnlySpan<byte> name, byte[] events) => Object(name, [4, 0, 0, 0, .. events]);

    private HandMadeStream Object(ReadOnlySpan<byte> name, byte[] content)
    {
        Begin(name);
        _stream.Write(BitConverter.GetBytes(content.Length));
        while (_stream.Position % 4 != 0)
        {
            _stream.WriteByte(0);
        }

        _stream.Write(content);
        _stream.WriteByte(6);
        return this;
    }

    private void Begin(ReadOnlySpan<byte> name)
    {
        _stream.Write([5, 5, 1, 4, 0, 0, 0, 4, 0, 0, 0]);
        _stream.Write(BitConverter.GetBytes(name.Length));
        _stream.Write(name);
        _stream.WriteByte(6);
    }
}
