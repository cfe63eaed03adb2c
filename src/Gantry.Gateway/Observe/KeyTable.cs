using System.Diagnostics;

namespace Gantry.Gateway.Observe;

/// <summary>
/// An open hash table from bytes to entries with stable small numbers. Keys stand in one byte arena: looking one up touches no object and
/// allocates nothing; only adding does, and not each time. A removed number is given out again. Not thread-safe.
/// </summary>
/// <typeparam name="T">What is kept of a key.</typeparam>
internal sealed class KeyTable<T>
    where T : struct
{
    // Below this much waste the arena is not worth rewriting.
    private const int LeastDeadBytes = 64 * 1024;

    private int[] _slots = new int[256];
    private Entry[] _entries = new Entry[128];
    private byte[] _arena = new byte[8192];
    private int _arenaLength;
    private int _deadBytes;
    private int _firstFree = -1;

    /// <summary>Keys that are in it.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that keys take, also those that were removed and not yet swept out.</summary>
    public int Bytes => _arenaLength;

    /// <summary>Numbers are below this; some may be free, see <see cref="IsLive"/>.</summary>
    public int End { get; private set; }

    public ref T this[int index] => ref _entries[index].Value;

    public bool IsLive(int index) => _entries[index].Length >= 0;

    public ReadOnlySpan<byte> KeyOf(int index) => _arena.AsSpan(_entries[index].Offset, _entries[index].Length);

    /// <returns>-1 when it is not there.</returns>
    public int Find(ReadOnlySpan<byte> key, ulong hash)
    {
        var entries = _entries;
        var slots = _slots;
        var mask = slots.Length - 1;
        for (var slot = (int)hash & mask; slots[slot] != 0; slot = (slot + 1) & mask)
        {
            ref var entry = ref entries[slots[slot] - 1];
            if (entry.Hash == hash && _arena.AsSpan(entry.Offset, entry.Length).SequenceEqual(key))
            {
                return slots[slot] - 1;
            }
        }

        return -1;
    }

    /// <param name="key">Not in it.</param>
    public int Add(ReadOnlySpan<byte> key, ulong hash)
    {
        var index = TakeNumber();
        if (_arena.Length - _arenaLength < key.Length)
        {
            Array.Resize(ref _arena, Math.Max(_arena.Length * 2, _arenaLength + key.Length));
        }

        key.CopyTo(_arena.AsSpan(_arenaLength));
        _entries[index] = new Entry { Hash = hash, Offset = _arenaLength, Length = key.Length };
        _arenaLength += key.Length;
        Count++;
        Insert(hash, index + 1);
        return index;
    }

    public void Remove(int index)
    {
        Debug.Assert(IsLive(index), "a number is removed once");
        Unlink(index + 1);
        ref var entry = ref _entries[index];
        _deadBytes += entry.Length;
        entry = new Entry { Length = -1, Offset = _firstFree };
        _firstFree = index;
        Count--;
        if (_deadBytes > LeastDeadBytes && _deadBytes > _arenaLength / 2)
        {
            CompactArena();
        }
    }

    private int TakeNumber()
    {
        if (_firstFree >= 0)
        {
            var free = _firstFree;
            _firstFree = _entries[free].Offset;
            return free;
        }

        if (End == _entries.Length)
        {
            Array.Resize(ref _entries, End * 2);
            // Slots stay at twice the entries, so that probes stay short.
            _slots = new int[_entries.Length * 2];
            for (var i = 0; i < End; i++)
            {
                Insert(_entries[i].Hash, i + 1);
            }
        }

        return End++;
    }

    private void Insert(ulong hash, int value)
    {
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        while (_slots[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        _slots[slot] = value;
    }

    /// <summary>Takes a value out of its run of slots; those behind it move up, so that no search stops too early.</summary>
    private void Unlink(int value)
    {
        var mask = _slots.Length - 1;
        var hole = (int)_entries[value - 1].Hash & mask;
        while (_slots[hole] != value)
        {
            hole = (hole + 1) & mask;
        }

        for (var next = (hole + 1) & mask; _slots[next] != 0; next = (next + 1) & mask)
        {
            var home = (int)_entries[_slots[next] - 1].Hash & mask;
            // It may move into the hole unless its home lies between the hole and itself.
            if (((next - home) & mask) >= ((next - hole) & mask))
            {
                _slots[hole] = _slots[next];
                hole = next;
            }
        }

        _slots[hole] = 0;
    }

    private void CompactArena()
    {
        var arena = new byte[Math.Max(8192, (_arenaLength - _deadBytes) * 2)];
        var length = 0;
        for (var i = 0; i < End; i++)
        {
            if (IsLive(i))
            {
                KeyOf(i).CopyTo(arena.AsSpan(length));
                _entries[i].Offset = length;
                length += _entries[i].Length;
            }
        }

        _arena = arena;
        _arenaLength = length;
        _deadBytes = 0;
    }

    private struct Entry
    {
        public ulong Hash;

        /// <summary>Of the key in the arena; of a free number, the next free one.</summary>
        public int Offset;

        /// <summary>-1: free.</summary>
        public int Length;

        public T Value;
    }
}
