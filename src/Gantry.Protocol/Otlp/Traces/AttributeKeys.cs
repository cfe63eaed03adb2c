using System.Buffers.Binary;
using System.Runtime.CompilerServices;
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

    private const int SlotBits = 10;

    private static readonly Candidate[] Candidates;
    private static readonly byte[] Slots = new byte[1 << SlotBits];
    private static readonly ulong Multiplier;

    static AttributeKeys()
    {
        Candidates = [default, .. SpanAttributes.Names.Select(name => Candidate.Of(name.Name, name.Attribute, name.IsOld))];
        // Any odd number mixes; about every second one keeps our few dozen keys apart.
        Multiplier = 0x9E37_79B9_7F4A_7C15;
        while (!TryFill(Multiplier))
        {
            Multiplier += 0x1234_5678_9ABC_DEF2;
        }
    }

    /// <param name="keyStart">Position of the key; at least two bytes of its pair stand before it.</param>
    /// <returns>Index for <see cref="AttributeOf"/>; 0 for a key that is none of ours.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Find(ReadOnlySpan<byte> data, int keyStart, int length)
    {
        if (length < Least)
        {
            return 0;
        }

        // A key of seven bytes is read with the length byte before it, which is a seven in every such key.
        var tail = BinaryPrimitives.ReadUInt64LittleEndian(data.Slice(keyStart + length - 8, 8));
        int index = Slots[SlotOf(tail, length, Multiplier)];
        return index != 0 && Is(index, tail, data.Slice(keyStart, length)) ? index : 0;
    }

    public static SpanAttribute AttributeOf(int index) => Candidates[index].Attribute;

    public static bool IsOld(int index) => Candidates[index].IsOld;

    private static bool Is(int index, ulong tail, ReadOnlySpan<byte> key)
    {
        ref readonly var candidate = ref Candidates[index];
        return candidate.Tail == tail && key.SequenceEqual(candidate.Key);
    }

    private static int SlotOf(ulong tail, int length, ulong multiplier) => (int)(((tail ^ (ulong)length) * multiplier) >> (64 - SlotBits));

    private static bool TryFill(ulong multiplier)
    {
        Array.Clear(Slots);
        for (var i = 1; i < Candidates.Length; i++)
        {
            ref var slot = ref Slots[SlotOf(Candidates[i].Tail, Candidates[i].Key.Length, multiplier)];
            if (slot != 0)
            {
                return false;
            }

            slot = (byte)i;
        }

        return true;
    }

    private readonly record struct Candidate(byte[] Key, ulong Tail, SpanAttribute Attribute, bool IsOld)
    {
        public static Candidate Of(string name, SpanAttribute attribute, bool isOld)
        {
            byte[] key = Encoding.ASCII.GetBytes(name);
            byte[] withLength = [(byte)key.Length, .. key];
            return new Candidate(key, BinaryPrimitives.ReadUInt64LittleEndian(withLength.AsSpan(withLength.Length - 8)), attribute, isOld);
        }
    }
}
