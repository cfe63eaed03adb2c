using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Gantry.Agent.Instrument.Attach.Nettrace;

/// <summary>
/// The fields of an event, one after the other without gaps: numbers little-endian, texts in UTF-16 up to a zero unit. It never throws: from where the payload is
/// cut off on, all is 0 and empty, and <see cref="IsBroken"/> says so.
/// </summary>
internal ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private ReadOnlySpan<byte> _rest = payload;

    public bool IsBroken { get; private set; }

    public readonly int Left => _rest.Length;

    public ushort UInt16() => Take(2) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;

    public uint UInt32() => Take(4) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    public long Int64() => Take(8) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

    public double Double() => BitConverter.Int64BitsToDouble(Int64());

    /// <summary>Valid as long as the payload.</summary>
    public ReadOnlySpan<char> Text()
    {
        var units = MemoryMarshal.Cast<byte, char>(_rest);
        var end = units.IndexOf('\0');
        if (end < 0)
        {
            Break();
            return default;
        }

        _rest = _rest[((end + 1) * 2)..];
        return units[..end];
    }

    /// <summary>Several texts as they stand, the zero unit behind each included.</summary>
    public ReadOnlySpan<char> Texts(int count)
    {
        var units = MemoryMarshal.Cast<byte, char>(_rest);
        var length = 0;
        for (var i = 0; i < count && !IsBroken; i++)
        {
            length += Text().Length + 1;
        }

        return IsBroken ? default : units[..length];
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            Break();
            return default;
        }

        var bytes = _rest[..count];
        _rest = _rest[count..];
        return bytes;
    }

    private void Break()
    {
        IsBroken = true;
        _rest = default;
    }
}
