using System.Buffers.Binary;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Instrument.Attach.Nettrace;

/// <summary>
/// Reads a nettrace stream as it comes, version 4 as .NET 5 to 10 write it (NetTraceFormat_v5.md of microsoft/perfview): a list of objects,
/// <code>
/// "Nettrace" | 20 u32 | "!FastSerialization.1" | object* | 1
/// object: 5 5 1 | version u32 | reader version u32 | name length u32 | name | 6 | content | 6
/// content of Trace: 48 bytes; of any other: size u32 | 0 to 3 bytes up to a multiple of 4 of the stream | size bytes
/// </code>
/// One buffer holds one object at most, and is kept. Nothing is allocated for an event.
/// </summary>
internal sealed class NettraceReader(IEventSink sink)
{
    /// <summary>No object may be larger. Runtimes write blocks of 100 KiB; one of sequence points grows with the process's threads.</summary>
    public const int LargestObject = 4 * 1024 * 1024;

    private const int FirstBuffer = 128 * 1024;
    private const int HeaderSize = 32;
    private const int TraceSize = 48;
    private const int LongestName = 64;

    private const byte End = 1;
    private const byte BeginObject = 5;
    private const byte EndObject = 6;

    private readonly BlockReader _blocks = new(sink);
    private byte[] _buffer = new byte[FirstBuffer];
    private int _length;
    private long _position;
    private bool _hasHeader;

    /// <summary>The stream has come to its end.</summary>
    public bool IsOver { get; private set; }

    /// <summary>What the ticks of events mean; nothing before the first object was read.</summary>
    public StreamClock Clock { get; private set; }

    /// <summary>Events that the runtime had no room for, by the gaps in its numbering.</summary>
    public ulong Dropped => _blocks.Dropped;

    /// <summary>Room for what comes next, never empty.</summary>
    public Memory<byte> Space()
    {
        if (_length == _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, LargestObject + HeaderSize));
        }

        return _buffer.AsMemory(_length);
    }

    /// <summary>Reads what is complete by now.</summary>
    /// <param name="count">Bytes that were put into <see cref="Space"/>.</param>
    /// <exception cref="AttachException">It is no such stream.</exception>
    public void Advance(int count)
    {
        _length += count;
        var used = 0;
        while (!IsOver && TryRead(_buffer.AsSpan(used, _length - used), out var size))
        {
            used += size;
            _position += size;
        }

        _buffer.AsSpan(used, _length - used).CopyTo(_buffer);
        _length -= used;
        if (_length > LargestObject)
        {
            throw Malformed($"an object is larger than {LargestObject} bytes");
        }
    }

    internal static AttachException Malformed(string what) =>
        new(InstrumentationReasons.Failed, $"its event stream cannot be read: {what}");

    private bool TryRead(ReadOnlySpan<byte> data, out int size)
    {
        if (_hasHeader)
        {
            return TryReadObject(data, out size);
        }

        size = HeaderSize;
        if (data.Length < HeaderSize)
        {
            return false;
        }

        _hasHeader = data.StartsWith("Nettrace\u0014\0\0\0!FastSerialization.1"u8) ? true : throw Malformed("it does not begin as one");
        return true;
    }

    private bool TryReadObject(ReadOnlySpan<byte> data, out int size)
    {
        size = 1;
        if (data.IsEmpty)
        {
            return false;
        }

        if (data[0] == End)
        {
            IsOver = true;
            return true;
        }

        // 5 5 1, two versions, the length of the name.
        const int Fixed = 3 + 4 + 4 + 4;
        if (data.Length < Fixed)
        {
            return data[0] == BeginObject ? false : throw Malformed($"an object begins with {data[0]}");
        }

        var nameLength = BinaryPrimitives.ReadUInt32LittleEndian(data[11..]);
        if (data is not [BeginObject, BeginObject, End, ..] || nameLength > LongestName)
        {
            throw Malformed("an object has no type");
        }

        var content = Fixed + (int)nameLength + 1;
        if (data.Length < content)
        {
            return false;
        }

        var name = data.Slice(Fixed, (int)nameLength);
        return name.SequenceEqual("Trace"u8) ? TryReadTrace(data, content, out size) : TryReadBlock(data, name, content, out size);
    }

    private bool TryReadTrace(ReadOnlySpan<byte> data, int content, out int size)
    {
        size = content + TraceSize + 1;
        if (data.Length < size)
        {
            return false;
        }

        Clock = StreamClock.Parse(data.Slice(content, TraceSize), StreamClock.SharedOffset());
        return CheckEnd(data[size - 1]);
    }

    private bool TryReadBlock(ReadOnlySpan<byte> data, ReadOnlySpan<byte> name, int content, out int size)
    {
        size = 0;
        if (data.Length < content + 4)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(data[content..]);
        if (length > LargestObject - 256)
        {
            throw Malformed($"a block is {length} bytes long");
        }

        var start = content + 4;
        start += (int)((4 - ((_position + start) % 4)) % 4);
        size = start + (int)length + 1;
        if (data.Length < size)
        {
            return false;
        }

        _blocks.Read(name, data.Slice(start, (int)length));
        return CheckEnd(data[size - 1]);
    }

    private static bool CheckEnd(byte tag) => tag == EndObject ? true : throw Malformed($"an object ends with {tag}");
}
