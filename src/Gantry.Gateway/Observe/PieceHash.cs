using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using Gantry.Protocol.Wire;

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
    private const ulong Odd = 0x9E37_79B9_7F4A_7C15;

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
        return SeededHash.Fold(mixed[0], mixed[1] ^ (ulong)length) + SeededHash.Fold(mixed[2], mixed[3]);
    }

    /// <summary>Copies a piece of more than 32 bytes, and hashes it: whole steps, and its last 32 bytes once more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong CopyLong(ReadOnlySpan<byte> piece, int place, Span<byte> target)
    {
        ulong hash = 0;
        for (var at = 0; at < piece.Length - Step; at += Step)
        {
            hash = (hash * Odd) + CopyStep(piece, at, place, target);
        }

        return (hash * Odd) + CopyStep(piece, piece.Length - Step, place, target);
    }

    /// <summary>Copies a piece of at most 32 bytes that stands too near to the end of its bytes for 32 to be read there.</summary>
    public static ulong CopyShort(ReadOnlySpan<byte> piece, int place, Span<byte> target)
    {
        Span<byte> room = stackalloc byte[Step];
        room.Clear();
        piece.CopyTo(room);
        room.CopyTo(target);
        return Of(Vector256.Create((ReadOnlySpan<byte>)room), piece.Length, place);
    }

    private static ulong CopyStep(ReadOnlySpan<byte> piece, int at, int place, Span<byte> target)
    {
        var step = Vector256.Create(piece.Slice(at, Step));
        step.CopyTo(target.Slice(at, Step));
        return Of(step, piece.Length, place);
    }

    public static ulong Finish(ulong sum, ulong first, ulong second) => SeededHash.Fold(sum ^ Secrets[^1], SeededHash.Fold(first ^ Secrets[^2], second ^ Secrets[^3]));
}
