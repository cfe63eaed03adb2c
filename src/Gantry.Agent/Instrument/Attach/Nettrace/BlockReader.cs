using System.Buffers.Binary;

namespace Gantry.Agent.Instrument.Attach.Nettrace;

/// <summary>
/// The blocks of a stream. EventBlock and MetadataBlock: header size u16 (from there on), flags u16 (1: short headers), first and last time u64, then
/// events. SPBlock: time u64, count u32, count × (thread u64, sequence number u32). StackBlock, which is not asked for, and any other: stepped over.
/// </summary>
internal sealed class BlockReader(IEventSink sink)
{
    /// <summary>Kinds of events in one stream. The sources that are switched on have some thirty.</summary>
    public const int MostTypes = 1000;

    private readonly Dictionary<uint, EventType> _types = [];
    private readonly SequenceCheck _sequence = new();

    public ulong Dropped => _sequence.Dropped;

    public void Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> block)
    {
        if (name.SequenceEqual("EventBlock"u8))
        {
            ReadEvents(block, isMetadata: false);
        }
        else if (name.SequenceEqual("MetadataBlock"u8))
        {
            ReadEvents(block, isMetadata: true);
        }
        else if (name.SequenceEqual("SPBlock"u8))
        {
            ReadSequencePoint(block);
        }
    }

    private void ReadEvents(ReadOnlySpan<byte> block, bool isMetadata)
    {
        var headerSize = block.Length >= 4 ? BinaryPrimitives.ReadUInt16LittleEndian(block) : 0;
        if (headerSize < 4 || headerSize > block.Length)
        {
            throw NettraceReader.Malformed("a block of events has no header");
        }

        var isShort = (block[2] & 1) != 0;
        var events = new EventCursor(block[headerSize..], isShort);
        while (events.Next())
        {
            if (isMetadata)
            {
                Define(events.Payload);
                continue;
            }

            _sequence.Saw(events.CaptureThread, events.SequenceNumber);
            if (_types.TryGetValue(events.MetadataId, out var type))
            {
                sink.Take(type, events.Ticks, events.Payload);
            }
        }
    }

    /// <summary>id u32, provider, event's number i32, event's name, then keywords, version, level and fields, which are known.</summary>
    private void Define(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var id = reader.UInt32();
        var provider = reader.Text();
        var number = (int)reader.UInt32();
        var name = reader.Text();
        if (reader.IsBroken || _types.Count >= MostTypes)
        {
            throw NettraceReader.Malformed(reader.IsBroken ? "a kind of event is cut off" : $"it has more than {MostTypes} kinds of events");
        }

        const int LongestName = 256;
        _types[id] = new EventType(Cut(provider, LongestName), number, Cut(name, LongestName));
    }

    private static string Cut(ReadOnlySpan<char> text, int most) => text[..Math.Min(text.Length, most)].ToString();

    private void ReadSequencePoint(ReadOnlySpan<byte> block)
    {
        const int Header = 12;
        const int Entry = 12;
        var count = block.Length >= Header ? BinaryPrimitives.ReadUInt32LittleEndian(block[8..]) : uint.MaxValue;
        if (count > (block.Length - Header) / Entry)
        {
            throw NettraceReader.Malformed("a sequence point is cut off");
        }

        _sequence.Begin();
        for (var entries = block.Slice(Header, (int)count * Entry); entries.Length > 0; entries = entries[Entry..])
        {
            _sequence.Point(BinaryPrimitives.ReadUInt64LittleEndian(entries), BinaryPrimitives.ReadUInt32LittleEndian(entries[8..]));
        }

        _sequence.End();
    }
}
