using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Gantry.Protocol.Otlp.Traces;

/// <summary>
/// Recognises the keys of <see cref="SpanAttributes"/> among all others: a key's last eight bytes and its length choose one of 1024 slots, which
/// has at most one candidate, and only that one is compared. Most keys meet an empty slot.
/// </summary>
internal static class AttributeKeys
{
    /// <summary>Shorter keys are none of ours.</summary>
    private const int Least = 7;

    /// <summary>Two overlapping reads of sixteen bytes cover it.</summary>
    private const int Most = 32;

    private const int SlotBits = 10;

    private static readonly Candidate[] Candidates = [default, .. SpanAttributes.Names.Select(name => Candidate.Of(name.Name, name.Attribute, name.IsOld))];
    private static readonly byte[] Slots = new byte[1 << SlotBits];
    private static readonly ulong Multiplier = Fill();

    /// <summary>As <see cref="Find(ref byte, int)"/>, for a key that stands anywhere.</summary>
    public static int Find(ReadOnlySpan<byte> key)
    {
        Span<byte> copy = stackalloc byte[Most + 1];
        if (key.Length is < Least or > Most)
        {
            return 0;
        }

        copy[0] = (byte)key.Length;
        key.CopyTo(copy[1..]);
        return Find(ref copy[1], key.Length);
    }

    /// <param name="key">Its first byte; the byte before it must be its length.</param>
    /// <returns>Index for <see cref="AttributeOf"/>; 0 for a key that is none of ours.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Find(ref byte key, int length)
    {
        if (length < Least)
        {
            return 0;
        }

        // A key of seven bytes is read with the length byte before it, which is a seven in every such key.
        var tail = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref key, length - 8));
        int index = Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Slots), (int)(((tail ^ (ulong)length) * Multiplier) >> (64 - SlotBits)));
        return index != 0 && Candidates[index].Is(ref key, length, tail) ? index : 0;
    }

    public static SpanAttribute AttributeOf(int index) => Candidates[index].Attribute;

    public static bool IsOld(int index) => Candidates[index].IsOld;

    private static ulong Fill()
    {
        // Any odd number mixes; about every second one keeps our few dozen keys apart.
        var multiplier = 0x9E37_79B9_7F4A_7C15;
        while (!TryFill(multiplier))
        {
            multiplier += 0x1234_5678_9ABC_DEF2;
        }

        return multiplier;
    }

    private static bool TryFill(ulong multiplier)
    {
        Array.Clear(Slots);
        for (var i = 1; i < Candidates.Length; i++)
        {
            ref var slot = ref Slots[((Candidates[i].Tail ^ (ulong)Candidates[i].Length) * multiplier) >> (64 - SlotBits)];
            if (slot != 0)
            {
                return false;
            }

            slot = (byte)i;
        }

        return true;
    }

    private readonly struct Candidate
    {
        private readonly Vector128<byte> _first;
        private readonly Vector128<byte> _last;
        private readonly ulong _start;

        private Candidate(byte[] key, SpanAttribute attribute, bool isOld)
        {
            Attribute = attribute;
            IsOld = isOld;
            Length = key.Length;
            byte[] withLength = [(byte)key.Length, .. key];
            Tail = MemoryMarshal.Read<ulong>(withLength.AsSpan(withLength.Length - 8));
            _start = MemoryMarshal.Read<ulong>(key.Length >= 8 ? key : withLength);
            if (key.Length >= 16)
            {
                _first = Vector128.Create(key);
                _last = Vector128.Create(key.AsSpan(key.Length - 16));
            }
        }

        public SpanAttribute Attribute { get; }

        public bool IsOld { get; }

        public int Length { get; }

        public ulong Tail { get; }

        public static Candidate Of(string name, SpanAttribute attribute, bool isOld) =>
            name.Length is >= Least and <= Most ? new Candidate(Encoding.ASCII.GetBytes(name), attribute, isOld) : throw new ArgumentException($"{name}: expected {Least} to {Most} characters");

        /// <summary>Overlapping reads from both ends cover a key of any length that ours have.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Is(ref byte key, int length, ulong tail)
        {
            if (length != Length || tail != Tail)
            {
                return false;
            }

            return length >= 16
                ? Vector128.LoadUnsafe(ref key) == _first && Vector128.LoadUnsafe(ref Unsafe.Add(ref key, length - 16)) == _last
                : length < 8 || Unsafe.ReadUnaligned<ulong>(ref key) == _start;
        }
    }
}
