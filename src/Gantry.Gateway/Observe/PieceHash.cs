using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Gantry.Gateway.Observe;

/// <summary>
/// A hash of several pieces, each mixed with secrets of its place and summed up: no piece waits for the one before it. Secrets are drawn once per
/// process, so nobody outside can build keys that collide; keys that do are compared all the same.
/// </summary>
internal static class PieceHash
{
    /// <summary>Bytes that are taken at once.</summary>
    public const int Step = 32;

    private const int Places = 64;

    private static readonly ulong[] Secrets = MemoryMarshal.Cast<byte, ulong>(RandomNumberGenerator.GetBytes(Places * 4 * sizeof(ulong))).ToArray();

    private static readonly Vector256<byte>[] Masks = [.. Enumerable.Range(0, Step + 1).Select(length => Vector256.Create([.. Enumerable.Range(0, Step).Select(i => (byte)(i < length ? 0xFF : 0))]))];

    /// <param name="bytes">32 of them.</param>
    /// <param name="length">How many are the piece: 0 to 32; the others become 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Masked(ReadOnlySpan<byte> bytes, int length) => Vector256.Create(bytes) & Masks[length];

    /// <param name="place">0 to 63.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(Vector256<byte> piece, int length, int place)
    {
        var mixed = piece.AsUInt64() ^ Vector256.Create(Secrets, place * 4);
        return Fold(mixed[0], mixed[1] ^ (ulong)length) + Fold(mixed[2], mixed[3]);
    }

    /// <summary>The same hash for a piece of any length, which stands anywhere.</summary>
    public static ulong OfLong(ReadOnlySpan<byte> piece, int place)
    {
        Span<byte> room = stackalloc byte[Step];
        ulong hash = 0;
        do
        {
            var part = piece[..Math.Min(Step, piece.Length)];
            room.Clear();
            part.CopyTo(room);
            hash = (hash * 0x9E37_79B9_7F4A_7C15) + Of(Vector256.Create(room), part.Length, place);
            piece = piece[part.Length..];
        }
        while (!piece.IsEmpty);

        return hash;
    }

    public static ulong Finish(ulong sum, ulong first, ulong second) => Fold(sum ^ Secrets[^1], Fold(first ^ Secrets[^2], second ^ Secrets[^3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b) => Math.BigMul(a, b, out var low) ^ low;
}
