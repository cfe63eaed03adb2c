using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Gantry.Protocol.Wire;

/// <summary>Counts bytes with their high bit set: those that are not ASCII.</summary>
internal static class HighBytes
{
    public static int Count(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 32)
        {
            return CountFew(bytes);
        }

        var count = 0;
        var position = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; position <= bytes.Length - 64; position += 64)
            {
                count += BitOperations.PopCount(Vector512.Create(bytes.Slice(position, 64)).ExtractMostSignificantBits());
            }
        }

        for (; position <= bytes.Length - 32; position += 32)
        {
            count += BitOperations.PopCount(Vector256.Create(bytes.Slice(position, 32)).ExtractMostSignificantBits());
        }

        var left = bytes.Length - position;
        if (left > 0)
        {
            // The last 32 bytes once more; the shift drops those that were counted.
            count += BitOperations.PopCount(Vector256.Create(bytes[^32..]).ExtractMostSignificantBits() >> (32 - left));
        }

        return count;
    }

    private static int CountFew(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        foreach (var value in bytes)
        {
            count += value >> 7;
        }

        return count;
    }
}
