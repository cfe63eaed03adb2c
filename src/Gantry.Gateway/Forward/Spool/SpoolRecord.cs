using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Forward.Spool;

/// <summary>
/// One request in a segment, little-endian:
/// <code>
/// 0        4         8                  16      17       24
/// │ crc32c │ length  │ time             │signal │ zero   │ payload (length bytes) │
/// </code>
/// The checksum is over everything behind it; time is 100 ns ticks of UTC. A record is whole or it is not there.
/// </summary>
internal readonly record struct SpoolRecord(int Length, long UtcTicks, Signal Signal)
{
    public const int HeaderLength = 24;

    public long TotalLength => HeaderLength + (long)Length;

    public static void WriteHeader(Span<byte> header, Signal signal, long utcTicks, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], utcTicks);
        header[16..HeaderLength].Clear();
        header[16] = (byte)signal;
        BinaryPrimitives.WriteUInt32LittleEndian(header, Checksum(Checksum(uint.MaxValue, header[4..HeaderLength]), payload) ^ uint.MaxValue);
    }

    /// <summary>Reads what the header says; whether it is true, <see cref="IsWhole"/> knows.</summary>
    /// <param name="left">Bytes from the start of the header to the end of the segment.</param>
    /// <returns>False when no record can begin so.</returns>
    public static bool TryRead(ReadOnlySpan<byte> header, long left, out SpoolRecord record)
    {
        record = default;
        if (left < HeaderLength)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        var signal = (Signal)header[16];
        if (length < 0 || length > left - HeaderLength || signal is < Signal.Traces or > Signal.Profiles || header[17..HeaderLength].ContainsAnyExcept((byte)0))
        {
            return false;
        }

        record = new SpoolRecord(length, BinaryPrimitives.ReadInt64LittleEndian(header[8..]), signal);
        return true;
    }

    public static bool IsWhole(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) =>
        (Checksum(Checksum(uint.MaxValue, header[4..HeaderLength]), payload) ^ uint.MaxValue) == BinaryPrimitives.ReadUInt32LittleEndian(header);

    /// <summary>CRC-32C (Castagnoli), eight bytes a step; the processor has an instruction for it.</summary>
    public static uint Checksum(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(data))
        {
            crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        }

        foreach (var b in data[(data.Length & ~7)..])
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }
}
