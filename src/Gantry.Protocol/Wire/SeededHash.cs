using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Gantry.Protocol.Wire;

/// <summary>
/// A fast hash of bytes that come from strangers. The seed is drawn once per process, so nobody outside can build keys that collide.
/// It folds sixteen bytes at a time with a 64 × 64 → 128-bit multiplication, the scheme of wyhash.
/// </summary>
public static class SeededHash
{
    private const ulong Odd = 0x9E37_79B9_7F4A_7C15;
    private const ulong Odd2 = 0xD6E8_FEB8_6659_FD93;

    private static readonly ulong Seed = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    /// <param name="start">Mixed in first: the rest of a composite key.</param>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong start = 0)
    {
        var length = (ulong)bytes.Length;
        var hash = Fold(Seed ^ start, Odd ^ length);
        if (bytes.Length > 32)
        {
            // Two sums side by side: a multiplication need not wait for the one before it.
            var second = hash ^ Odd2;
            do
            {
                hash = Fold(hash ^ Read(bytes), Read(bytes[8..]) ^ Odd);
                second = Fold(second ^ Read(bytes[16..]), Read(bytes[24..]) ^ Odd2);
                bytes = bytes[32..];
            }
            while (bytes.Length > 32);
            hash ^= second;
        }

        if (bytes.Length > 16)
        {
            hash = Fold(hash ^ Read(bytes), Read(bytes[8..]) ^ Odd);
            bytes = bytes[16..];
        }

        var (low, high) = Last(bytes);
        return Fold(Fold(hash ^ low, high ^ Odd2), Odd ^ length);
    }

    /// <summary>The last 0 to 16 bytes; reads may overlap, the length is mixed in elsewhere.</summary>
    private static (ulong Low, ulong High) Last(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= 8)
        {
            return (Read(bytes), Read(bytes[^8..]));
        }

        if (bytes.Length >= 4)
        {
            return (BinaryPrimitives.ReadUInt32LittleEndian(bytes), BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]));
        }

        ulong few = 0;
        foreach (var b in bytes)
        {
            few = (few << 8) | b;
        }

        return (few, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    /// <summary>Both halves of the 128-bit product, folded into one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Fold(ulong a, ulong b) => Math.BigMul(a, b, out var low) ^ low;
}
