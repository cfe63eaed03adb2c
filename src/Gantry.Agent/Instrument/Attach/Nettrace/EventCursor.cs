using System.Buffers.Binary;

namespace Gantry.Agent.Instrument.Attach.Nettrace;

/// <summary>
/// The events of one block. With short headers a byte of flags says which fields follow; the others are as in the event before:
/// <code>
/// flags u8 | 1: metadata id | 2: sequence number (added), capturing thread, processor | 4: thread | 8: stack | time (added) | 16: activity, 16 bytes
///          | 32: related activity, 16 bytes | 128: size of the payload | payload
/// </code>
/// Numbers are varints. An event that is no metadata raises the sequence number by one. Long headers:
/// <code>
/// size u32 | metadata id u32 | sequence number u32 | thread u64 | capturing thread u64 | processor u32 | stack u32 | time u64 | 2 × 16 bytes | payload size u32 | payload | to 4
/// </code>
/// </summary>
internal ref struct EventCursor(ReadOnlySpan<byte> events, bool isShort)
{
    private readonly ReadOnlySpan<byte> _events = events;
    private int _at;
    private uint _payloadSize;

    public uint MetadataId { get; private set; }

    public uint SequenceNumber { get; private set; }

    public ulong CaptureThread { get; private set; }

    public long Ticks { get; private set; }

    public ReadOnlySpan<byte> Payload { get; private set; }

    public bool Next()
    {
        if (_at >= _events.Length)
        {
            return false;
        }

        if (isShort)
        {
            ReadShort();
        }
        else
        {
            ReadLong();
        }

        return true;
    }

    private void ReadShort()
    {
        var flags = _events[_at++];
        if ((flags & 1) != 0)
        {
            MetadataId = (uint)Varint();
        }

        if ((flags & 2) != 0)
        {
            SequenceNumber += (uint)Varint();
            CaptureThread = Varint();
            Varint();
        }

        if (MetadataId != 0)
        {
            SequenceNumber++;
        }

        if ((flags & 4) != 0)
        {
            Varint();
        }

        if ((flags & 8) != 0)
        {
            Varint();
        }

        Ticks += (long)Varint();
        _at += ((flags & 16) != 0 ? 16 : 0) + ((flags & 32) != 0 ? 16 : 0);
        if ((flags & 128) != 0)
        {
            _payloadSize = (uint)Varint();
        }

        Payload = Take(_payloadSize);
    }

    private void ReadLong()
    {
        const int Header = 80;
        var header = Take(Header);
        // The high bit says that no earlier event follows.
        MetadataId = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) & 0x7FFFFFFF;
        SequenceNumber = BinaryPrimitives.ReadUInt32LittleEndian(header[8..]);
        CaptureThread = BinaryPrimitives.ReadUInt64LittleEndian(header[20..]);
        Ticks = BinaryPrimitives.ReadInt64LittleEndian(header[36..]);
        Payload = Take(BinaryPrimitives.ReadUInt32LittleEndian(header[76..]));
        _at = (_at + 3) & ~3;
    }

    private ReadOnlySpan<byte> Take(uint size)
    {
        if (_at > _events.Length || size > _events.Length - _at)
        {
            throw NettraceReader.Malformed("an event is cut off");
        }

        var bytes = _events.Slice(_at, (int)size);
        _at += (int)size;
        return bytes;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_at >= _events.Length)
            {
                break;
            }

            var part = _events[_at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw NettraceReader.Malformed("a number is cut off");
    }
}
