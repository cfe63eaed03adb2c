using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Gantry.Protocol.Wire;

/// <summary>
/// Reads one protobuf message, field by field, out of bytes that somebody else owns. It trusts nothing and throws nothing:
/// the first failure is kept in <see cref="Error"/>, moves to the end, and lets every later read return a default, so a decoder
/// is a plain loop over <see cref="Next"/> with one check of <see cref="Error"/> behind it.
/// </summary>
/// <remarks>Rules: https://protobuf.dev/programming-guides/encoding/ . Stricter than Google's parsers in two ways: groups are
/// refused, and a tag must fit 32 bits and be written in as few bytes as it needs. Whatever this accepts, they read the same.</remarks>
public ref struct ProtoReader
{
    /// <summary>Google's parsers stop at 100 levels; stopping earlier keeps what we accept readable by everybody.</summary>
    public const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _data;
    private readonly int _depth;
    private int _position;

    public ProtoReader(ReadOnlySpan<byte> data)
        : this(data, 0)
    {
    }

    /// <param name="depth">How many messages are around this one.</param>
    internal ProtoReader(ReadOnlySpan<byte> data, int depth)
    {
        _data = data;
        _depth = depth;
    }

    /// <summary>Number of the field that <see cref="Next"/> found.</summary>
    public int Field { get; private set; }

    public WireType WireType { get; private set; }

    /// <summary>Both, to switch on: <c>case (1, WireType.Varint):</c>. A known field with a foreign wire type then falls to the
    /// unknown ones, as in Google's parsers.</summary>
    public readonly (int Field, WireType Type) Tag => (Field, WireType);

    public WireError Error { get; private set; }

    /// <summary>Offset of the next unread byte, or of the byte at which reading failed.</summary>
    public readonly int Position => Error == WireError.None ? _position : ErrorPosition;

    private int ErrorPosition { get; set; }

    /// <summary>Moves to the next field. False at the end of the message and after a failure.</summary>
    public bool Next()
    {
        if (_position >= _data.Length)
        {
            return false;
        }

        var start = _position;
        var tag = ReadVarint();
        if (Error != WireError.None)
        {
            return false;
        }

        var type = (int)(tag & 7);
        if (tag > uint.MaxValue || tag >> 3 == 0 || type is 3 or 4 or > 5 || _position - start != ProtoWriter.VarintSize(tag))
        {
            return Fail(WireError.BadTag, start);
        }

        Field = (int)(tag >> 3);
        WireType = (WireType)type;
        return true;
    }

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (_position >= _data.Length)
            {
                Fail(WireError.Truncated, _data.Length);
                return 0;
            }

            var b = _data[_position++];
            // The tenth byte carries one bit; what lies above it is discarded, as every parser does.
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        Fail(WireError.VarintTooLong, _position);
        return 0;
    }

    public ulong ReadFixed64()
    {
        if (_data.Length - _position < 8)
        {
            Fail(WireError.Truncated, _data.Length);
            return 0;
        }

        var value = BinaryPrimitives.ReadUInt64LittleEndian(_data[_position..]);
        _position += 8;
        return value;
    }

    public uint ReadFixed32()
    {
        if (_data.Length - _position < 4)
        {
            Fail(WireError.Truncated, _data.Length);
            return 0;
        }

        var value = BinaryPrimitives.ReadUInt32LittleEndian(_data[_position..]);
        _position += 4;
        return value;
    }

    public double ReadDouble() => BitConverter.UInt64BitsToDouble(ReadFixed64());

    public bool ReadBool() => ReadVarint() != 0;

    /// <summary>int32 and enums: the low 32 bits of the varint, as the encoding guide demands.</summary>
    public int ReadInt32() => (int)ReadVarint();

    /// <summary>The payload of a length-delimited field: bytes, a string not yet checked, or a nested message.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var start = _position;
        var length = ReadVarint();
        if (Error != WireError.None)
        {
            return default;
        }

        if (length > (ulong)(_data.Length - _position))
        {
            Fail(WireError.LengthPastEnd, start);
            return default;
        }

        var value = _data.Slice(_position, (int)length);
        _position += (int)length;
        return value;
    }

    public string ReadString()
    {
        var start = _position;
        var bytes = ReadBytes();
        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        Fail(WireError.InvalidUtf8, start);
        return "";
    }

    /// <summary>Passes over the current field's value: unknown fields, and known ones that came with another wire type.</summary>
    public void Skip()
    {
        switch (WireType)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Fixed64:
                ReadFixed64();
                break;
            case WireType.LengthDelimited:
                ReadBytes();
                break;
            default:
                ReadFixed32();
                break;
        }
    }

    /// <summary>A reader over the current field's payload, one level deeper. Hand its failure back with <see cref="FailFrom"/>.</summary>
    public ProtoReader ReadNested()
    {
        if (_depth < MaxDepth)
        {
            return new ProtoReader(ReadBytes(), _depth + 1);
        }

        Fail(WireError.TooDeep, _position);
        return default;
    }

    /// <summary>Records a nested reader's failure as this reader's own.</summary>
    public void FailFrom(WireError nested)
    {
        if (nested != WireError.None)
        {
            Fail(nested, _position);
        }
    }

    private bool Fail(WireError error, int position)
    {
        if (Error == WireError.None)
        {
            Error = error;
            ErrorPosition = position;
        }

        _position = _data.Length;
        return false;
    }
}
