using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Gantry.Protocol.Wire;

/// <summary>
/// A fast hash of bytes that come from strangers. The seed is drawn once per process, so nobody outside can build keys that collide.
/// It folds eight bytes at a time with a 64 × 64 → 128-bit multiplication, the scheme of wyhash.
/// </summary>
public static class SeededHash
{
    private const ulong Odd = 0x9E37_79B9_7F4A_7C15;

    private static readonly ulong Seed = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));

    /// <param name="start">Mixed in first: the rest of a composite key.</param>
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong start = 0)
    {
        var hash = Fold(Seed ^ start, Odd ^ (uint)bytes.Length);
        while (bytes.Length >= 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes), Odd);
            bytes = bytes[8..];
        }

        ulong tail = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            tail |= (ulong)bytes[i] << (8 * i);
        }

        return Fold(hash ^ tail, Odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b) => Math.BigMul(a, b, out var low) ^ low;
}
