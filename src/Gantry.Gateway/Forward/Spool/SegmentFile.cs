using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Gantry.Gateway.Forward.Spool;

/// <summary>A segment's bytes as they are found on disk, where any of them may be wrong.</summary>
internal static class SegmentFile
{
    private const int ChunkBytes = 256 * 1024;

    public static void WriteHeader(Span<byte> header, long number)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(header, SpoolSegment.Magic);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], number);
    }

    public static bool HasHeader(SafeFileHandle file, long number)
    {
        Span<byte> header = stackalloc byte[SpoolSegment.HeaderLength];
        return RandomAccess.Read(file, header, 0) == header.Length
            && BinaryPrimitives.ReadUInt64LittleEndian(header) == SpoolSegment.Magic
            && BinaryPrimitives.ReadInt64LittleEndian(header[8..]) == number;
    }

    /// <summary>Goes from record to record as long as they make sense.</summary>
    /// <param name="verify">Also by their checksums, which reads all of it.</param>
    /// <returns>Where it ends to make sense, and how many records there are before.</returns>
    public static (long End, long Records) Walk(SafeFileHandle file, long from, long length, bool verify)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            Span<byte> header = stackalloc byte[SpoolRecord.HeaderLength];
            long records = 0;
            while (RandomAccess.Read(file, header, from) == header.Length && SpoolRecord.TryRead(header, length - from, out var record)
                && (!verify || IsWhole(file, from, header, record.Length, buffer)))
            {
                from += record.TotalLength;
                records++;
            }

            return (from, records);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsWhole(SafeFileHandle file, long offset, ReadOnlySpan<byte> header, int length, byte[] buffer)
    {
        var crc = SpoolRecord.Checksum(uint.MaxValue, header[4..]);
        for (var done = 0; done < length;)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(0, Math.Min(ChunkBytes, length - done)), offset + SpoolRecord.HeaderLength + done);
            if (read == 0)
            {
                return false;
            }

            crc = SpoolRecord.Checksum(crc, buffer.AsSpan(0, read));
            done += read;
        }

        return (crc ^ uint.MaxValue) == BinaryPrimitives.ReadUInt32LittleEndian(header);
    }
}
