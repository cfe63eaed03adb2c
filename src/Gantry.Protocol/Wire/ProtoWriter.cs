using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Gantry.Protocol.Wire;

/// <summary>
/// Writes protobuf into one rented buffer that grows by doubling. A nested message is opened with <see cref="Begin"/> and closed with
/// <see cref="End"/>; its length takes one reserved byte and moves the content only when it needs more, which it rarely does.
/// Not thread-safe; dispose returns the buffer. Scalars equal to their proto3 default are left out.
/// </summary>
public sealed class ProtoWriter : IDisposable
{
    private byte[] _buffer;
    private int _length;

    /// <param name="capacity">Bytes rented at first.</param>
    public ProtoWriter(int capacity = 1024) => _buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    /// <summary>Bytes that are rented.</summary>
    public int Capacity => _buffer.Length;

    public byte[] ToArray() => Written.ToArray();

    /// <summary>Forgets the content and keeps the buffer.</summary>
    public void Clear() => _length = 0;

    public void Varint(int field, ulong value)
    {
        if (value != 0)
        {
            Tag(field, WireType.Varint);
            RawVarint(value);
        }
    }

    public void Bool(int field, bool value) => Varint(field, value ? 1UL : 0);

    /// <summary>int32, int64 and enums: negative values take ten bytes, as the encoding has it.</summary>
    public void Int(int field, long value) => Varint(field, (ulong)value);

    public void Fixed64(int field, ulong value)
    {
        if (value != 0)
        {
            Tag(field, WireType.Fixed64);
            RawFixed64(value);
        }
    }

    public void Fixed32(int field, uint value)
    {
        if (value != 0)
        {
            Tag(field, WireType.Fixed32);
            RawFixed32(value);
        }
    }

    /// <summary>A double that is part of a oneof or repeated: written even when it is 0.</summary>
    public void PresentDouble(int field, double value)
    {
        Tag(field, WireType.Fixed64);
        RawFixed64(BitConverter.DoubleToUInt64Bits(value));
    }

    public void Double(int field, double value)
    {
        if (BitConverter.DoubleToUInt64Bits(value) != 0)
        {
            PresentDouble(field, value);
        }
    }

    public void String(int field, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            PresentString(field, value);
        }
    }

    /// <summary>A string that is part of a oneof or repeated: written even when it is empty.</summary>
    public void PresentString(int field, string value)
    {
        Tag(field, WireType.LengthDelimited);
        var count = Encoding.UTF8.GetByteCount(value);
        RawVarint((ulong)count);
        Encoding.UTF8.GetBytes(value, Reserve(count));
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            PresentBytes(field, value);
        }
    }

    public void PresentBytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireType.LengthDelimited);
        RawVarint((ulong)value.Length);
        Raw(value);
    }

    /// <summary>Opens a nested message (or a packed field).</summary>
    /// <param name="lengthBytes">Room for its length, 1 to 10: a right guess saves moving the content when the length is known.</param>
    /// <returns>The mark that <see cref="End"/> wants back, above 0.</returns>
    public int Begin(int field, int lengthBytes = 1)
    {
        Tag(field, WireType.LengthDelimited);
        Reserve(lengthBytes);
        return _length;
    }

    /// <param name="lengthBytes">As given to <see cref="Begin"/>.</param>
    public void End(int mark, int lengthBytes = 1)
    {
        var size = _length - mark;
        var start = mark - lengthBytes;
        var more = VarintSize((ulong)size) - lengthBytes;
        if (more != 0)
        {
            Reserve(Math.Max(0, more));
            _buffer.AsSpan(mark, size).CopyTo(_buffer.AsSpan(mark + more));
            _length = mark + more + size;
        }

        WriteVarint(_buffer.AsSpan(start), (ulong)size);
    }

    /// <summary>A nested message; null is left out, an empty one is written.</summary>
    public void Message<T>(int field, T? value)
        where T : IWireMessage
    {
        if (value is not null)
        {
            var mark = Begin(field);
            value.WriteTo(this);
            End(mark);
        }
    }

    public void Messages<T>(int field, IEnumerable<T> values)
        where T : IWireMessage
    {
        foreach (var value in values)
        {
            Message(field, value);
        }
    }

    public void Strings(int field, IEnumerable<string> values)
    {
        foreach (var value in values)
        {
            PresentString(field, value);
        }
    }

    public void Tag(int field, WireType type) => RawVarint(((ulong)(uint)field << 3) | (uint)type);

    public void RawVarint(ulong value)
    {
        var span = Reserve(VarintSize(value));
        WriteVarint(span, value);
    }

    public void RawFixed64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    public void RawFixed32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);

    public void Raw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    /// <summary>Room for <paramref name="count"/> bytes at the end, counted as written; the caller fills it.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _length < count)
        {
            Grow(count);
        }

        var span = _buffer.AsSpan(_length, count);
        _length += count;
        return span;
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public static int VarintSize(ulong value) => ((63 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7) + 1;

    /// <param name="span">At least <see cref="VarintSize"/> long.</param>
    public static void WriteVarint(Span<byte> span, ulong value)
    {
        var i = 0;
        while (value >= 0x80)
        {
            span[i++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[i] = (byte)value;
    }

    private void Grow(int count)
    {
        var bigger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, checked(_length + count)));
        Written.CopyTo(bigger);
        var old = _buffer;
        _buffer = bigger;
        ArrayPool<byte>.Shared.Return(old);
    }
}
