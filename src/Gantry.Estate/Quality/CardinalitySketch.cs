using System.Buffers.Binary;
using System.Numerics;

namespace Gantry.Estate.Quality;

/// <summary>
/// How many different values there were, in 2 KiB whatever their number: HyperLogLog with 2^11 registers, whose standard error is 1.04 / √2048 = 2.3 %.
/// Sketches of several gateways add up to that of one that had seen everything: the larger of each two registers. That needs the same hash everywhere,
/// so it has no seed; whoever builds values that collide makes his own number wrong and no other.
/// </summary>
public static class CardinalitySketch
{
    public const int Registers = 1 << Bits;

    private const int Bits = 11;

    public static void Add(Span<byte> registers, ulong hash)
    {
        ref var register = ref registers[(int)(hash >> (64 - Bits))];
        // The rest of the hash, with a one behind it, so that it ends.
        var rank = (byte)(BitOperations.LeadingZeroCount((hash << Bits) | (1UL << (Bits - 1))) + 1);
        register = Math.Max(register, rank);
    }

    /// <returns>Whether <paramref name="into"/> changed.</returns>
    public static bool Merge(Span<byte> into, ReadOnlySpan<byte> other)
    {
        var changed = false;
        for (var i = 0; i < into.Length; i++)
        {
            if (other[i] > into[i])
            {
                into[i] = other[i];
                changed = true;
            }
        }

        return changed;
    }

    public static double Estimate(ReadOnlySpan<byte> registers)
    {
        var (sum, empty) = (0.0, 0);
        foreach (var register in registers)
        {
            sum += 1.0 / (1UL << Math.Min((int)register, 63));
            empty += register == 0 ? 1 : 0;
        }

        const double Alpha = 0.7213 / (1 + (1.079 / Registers));
        var raw = Alpha * Registers * Registers / sum;
        // Few values leave registers empty, and those tell more exactly how few.
        return raw <= 2.5 * Registers && empty > 0 ? Registers * Math.Log((double)Registers / empty) : raw;
    }

    /// <summary>A hash that is the same in every process.</summary>
    public static ulong Hash(ReadOnlySpan<byte> bytes, ulong start = 0)
    {
        const ulong Prime = 0x9E37_79B9_7F4A_7C15;
        var hash = Mix(start ^ ((ulong)bytes.Length * Prime));
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes)) + Prime;
        }

        ulong rest = 0;
        foreach (var b in bytes)
        {
            rest = (rest << 8) | b;
        }

        return Mix(hash ^ rest);
    }

    /// <summary>The finaliser of splitmix64: every bit of the input changes half of the output.</summary>
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58_476D_1CE4_E5B9;
        x = (x ^ (x >> 27)) * 0x94D0_49BB_1331_11EB;
        return x ^ (x >> 31);
    }
}
