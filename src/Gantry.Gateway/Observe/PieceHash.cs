using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>
/// A hash of several pieces, each mixed with secrets of its place and summed up: no piece waits for the one before it. Secrets are drawn once per
/// process, so nobody outside can build keys that collide; keys that do are compared all the same.
/// </summary>
internal static class PieceHash
{
    private const int Places = 64;

    private static readonly ulong[] Secrets = MemoryMarshal.Cast<byte, ulong>(RandomNumberGenerator.GetBytes(Places * 2 * sizeof(ulong))).ToArray();

    /// <param name="place">0 to 63.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of(ReadOnlySpan<byte> piece, int place)
    {
        var (first, second) = (Secrets[place * 2], Secrets[(place * 2) + 1]);
        var length = (ulong)piece.Length << 32;
        if (piece.Length >= 8)
        {
            ref var start = ref MemoryMarshal.GetReference(piece);
            var end = piece.Length - 8;
            var hash = Fold(Read(ref start, 0) ^ first, Read(ref start, end) ^ second ^ length);
            return piece.Length <= 16 ? hash
                : piece.Length <= 32 ? hash + Fold(Read(ref start, 8) ^ second, Read(ref start, end - 8) ^ first)
                : SeededHash.Of(piece, first);
        }

        ulong few = 0;
        foreach (var b in piece)
        {
            few = (few << 8) | b;
        }

        return Fold(few ^ first, second ^ length);
    }

    public static ulong Finish(ulong sum, ulong first, ulong second) => Fold(sum ^ Secrets[^1], Fold(first ^ Secrets[^2], second ^ Secrets[^3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read(ref byte start, int at) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b) => Math.BigMul(a, b, out var low) ^ low;
}
