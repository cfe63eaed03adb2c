using System.Text.Unicode;
using Gantry.Estate.Red;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>What a series is counted by. The operation's name stands beside it, in bytes.</summary>
internal readonly record struct RedKey(uint Service, int Kind, int Status, RedSource Source)
{
    private const int LastKind = 5;
    private const int LastStatus = 2;

    /// <summary>A sender may write any number; what OTLP does not define is unspecified (0) and unset (0), or there would be no bound on series.</summary>
    public static RedKey Of(uint service, int kind, int status, RedSource source) =>
        new(service, (uint)kind <= LastKind ? kind : 0, (uint)status <= LastStatus ? status : 0, source);

    /// <summary>One number for one key, as long as kind and status are in range.</summary>
    public ulong Mixed => ((ulong)Service << 32) | ((ulong)(uint)Kind << 8) | ((ulong)(uint)Status << 4) | (uint)Source;
}

/// <summary>
/// Rate, errors and duration by service, operation, kind and status: an open hash table over names in one byte arena. Counting a span touches
/// no object and allocates nothing; only a new series does. Not thread-safe: one per shard, under the shard's lock.
/// </summary>
/// <remarks>
/// A service may have <see cref="MaxSeriesPerService"/> series, a shard <see cref="MaxSeries"/>. What comes after is counted in one overflow series
/// per service, kind and status, so that totals stay exact however a service names its operations. A request that turns out to be malformed takes its
/// new series back with it (<see cref="Rollback"/>).
/// </remarks>
internal sealed class RedTable
{
    public const int MaxSeriesPerService = 2000;

    public const int MaxSeries = 250_000;

    /// <summary>Longer names are cut here: they are keys, and keys are kept.</summary>
    public const int MaxNameBytes = 256;

    public static ReadOnlySpan<byte> OverflowName => "(other operations)"u8;

    private readonly Dictionary<uint, int> _seriesPerService = [];
    private int[] _slots = new int[256];
    private Series[] _series = new Series[128];
    private ulong[] _buckets = new ulong[128 * DurationBuckets.Count];
    private byte[] _names = new byte[4096];
    private int _nameLength;

    public int Count { get; private set; }

    /// <summary>Index of the series, made on first sight.</summary>
    public int Find(RedKey key, ReadOnlySpan<byte> name)
    {
        if (name.Length > MaxNameBytes)
        {
            name = Cut(name);
        }

        var hash = SeededHash.Of(name, key.Mixed);
        var index = Lookup(hash, key, name);
        return index >= 0 ? index : Create(hash, key, name);
    }

    public void Add(int series, ulong durationNano, ulong nowUnixNano)
    {
        ref var entry = ref _series[series];
        entry.Calls++;
        entry.DurationNano += durationNano;
        entry.LastUnixNano = nowUnixNano;
        _buckets[(series * DurationBuckets.Count) + DurationBuckets.IndexOf(durationNano)]++;
    }

    /// <summary>Adds what a histogram counted.</summary>
    /// <param name="buckets">By <see cref="DurationBuckets"/>; their sum is <paramref name="calls"/>.</param>
    public void AddMany(int series, ulong calls, ulong durationNano, ReadOnlySpan<ulong> buckets, ulong nowUnixNano)
    {
        ref var entry = ref _series[series];
        entry.Calls += calls;
        entry.DurationNano += durationNano;
        entry.LastUnixNano = nowUnixNano;
        var own = BucketsOf(series);
        for (var i = 0; i < own.Length; i++)
        {
            own[i] += buckets[i];
        }
    }

    /// <summary>Hands every series that counted since the last drain to <paramref name="take"/>, and sets it back to zero.</summary>
    public void Drain(DrainRed take)
    {
        for (var i = 0; i < Count; i++)
        {
            ref var entry = ref _series[i];
            if (entry.Calls == 0)
            {
                continue;
            }

            var buckets = BucketsOf(i);
            take(entry.Key, NameOf(entry), entry.Calls, entry.DurationNano, buckets, entry.LastUnixNano);
            entry.Calls = 0;
            entry.DurationNano = 0;
            buckets.Clear();
        }
    }

    /// <summary>Forgets the series made since there were <paramref name="count"/> of them. They must not have counted yet.</summary>
    public void Rollback(int count)
    {
        if (count == Count)
        {
            return;
        }

        for (var i = count; i < Count; i++)
        {
            _seriesPerService[_series[i].Key.Service]--;
        }

        _nameLength = _series[count].NameOffset;
        Count = count;
        FillSlots();
    }

    private Span<ulong> BucketsOf(int series) => _buckets.AsSpan(series * DurationBuckets.Count, DurationBuckets.Count);

    private ReadOnlySpan<byte> NameOf(in Series series) => _names.AsSpan(series.NameOffset, series.NameLength);

    private int Lookup(ulong hash, RedKey key, ReadOnlySpan<byte> name)
    {
        var mask = _slots.Length - 1;
        for (var slot = (int)hash & mask; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            ref var entry = ref _series[_slots[slot] - 1];
            if (entry.Hash == hash && entry.Key == key && NameOf(entry).SequenceEqual(name))
            {
                return _slots[slot] - 1;
            }
        }

        return -1;
    }

    private int Create(ulong hash, RedKey key, ReadOnlySpan<byte> name)
    {
        var owned = _seriesPerService.GetValueOrDefault(key.Service);
        if ((owned >= MaxSeriesPerService || Count >= MaxSeries) && !name.SequenceEqual(OverflowName))
        {
            return Find(key, OverflowName);
        }

        _seriesPerService[key.Service] = owned + 1;
        MakeRoom(name.Length);
        name.CopyTo(_names.AsSpan(_nameLength));
        _series[Count] = new Series { Key = key, Hash = hash, NameOffset = _nameLength, NameLength = name.Length };
        _nameLength += name.Length;
        Count++;
        Insert(hash, Count);
        return Count - 1;
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

    private void MakeRoom(int nameLength)
    {
        if (Count == _series.Length)
        {
            Array.Resize(ref _series, Count * 2);
            Array.Resize(ref _buckets, Count * 2 * DurationBuckets.Count);
            // Slots stay at twice the series, so that probes stay short.
            _slots = new int[_series.Length * 2];
            FillSlots();
        }

        if (_names.Length - _nameLength < nameLength)
        {
            Array.Resize(ref _names, Math.Max(_names.Length * 2, _nameLength + nameLength));
        }
    }

    private void FillSlots()
    {
        Array.Clear(_slots);
        for (var i = 0; i < Count; i++)
        {
            Insert(_series[i].Hash, i + 1);
        }
    }

    private static ReadOnlySpan<byte> Cut(ReadOnlySpan<byte> name)
    {
        var length = MaxNameBytes;
        while (length > 0 && !Utf8.IsValid(name[..length]))
        {
            length--;
        }

        return name[..length];
    }

    private struct Series
    {
        public RedKey Key;
        public ulong Hash;
        public int NameOffset;
        public int NameLength;
        public ulong Calls;
        public ulong DurationNano;
        public ulong LastUnixNano;
    }
}

internal delegate void DrainRed(
    RedKey key, ReadOnlySpan<byte> name, ulong calls, ulong durationNano, ReadOnlySpan<ulong> buckets, ulong lastUnixNano);
