using Gantry.Estate.Red;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>
/// Counts, durations and their distribution by key. What was counted is handed on by <see cref="Drain"/> and set back; a key that was idle for long
/// goes. Not thread-safe: one per shard, under the shard's lock.
/// </summary>
/// <remarks>
/// A service may have <see cref="MaxPerService"/> keys, a shard <see cref="Max"/>; what is over is refused here and counted by the caller in an
/// overflow series, so that totals stay exact however a service names things.
/// </remarks>
/// <param name="exponential">Also keep <see cref="ExponentialBuckets"/>.</param>
internal sealed class CountTable(bool exponential)
{
    /// <summary>What OpenTelemetry's SDKs allow a metric.</summary>
    public const int MaxPerService = 2000;

    public const int Max = 250_000;

    private readonly KeyTable<Counts> _keys = new();
    private readonly Dictionary<uint, int> _perService = [];
    private readonly List<int> _added = [];
    private ulong[] _buckets = new ulong[128 * DurationBuckets.Count];
    private ulong[] _fine = exponential ? new ulong[128 * ExponentialBuckets.Count] : [];
    private Exemplar[] _exemplars = new Exemplar[128];
    private uint _sweep;

    public int Count => _keys.Count;

    public ReadOnlySpan<byte> KeyOf(int index) => _keys.KeyOf(index);

    /// <param name="isOverflow">Such a key is made whatever the limits say: there are few of them, and they make the totals right.</param>
    /// <returns>-1 when it is new and its service, or the shard, has as many as it may have.</returns>
    public int Find(uint service, ReadOnlySpan<byte> key, bool isOverflow = false)
    {
        var hash = SeededHash.Of(key, service);
        var index = _keys.Find(key, hash);
        if (index >= 0)
        {
            _keys[index].FoundInSweep = _sweep;
            return index;
        }

        var owned = _perService.GetValueOrDefault(service);
        if ((owned >= MaxPerService || _keys.Count >= Max) && !isOverflow)
        {
            return -1;
        }

        _perService[service] = owned + 1;
        index = _keys.Add(key, hash);
        _keys[index] = new Counts { Service = service, FoundInSweep = _sweep };
        MakeRoom(index);
        _added.Add(index);
        return index;
    }

    public void Add(int index, ulong durationNano, ulong weight, bool failed, ulong nowUnixNano)
    {
        ref var counts = ref _keys[index];
        counts.Calls += weight;
        counts.Failed += failed ? weight : 0;
        counts.DurationNano += durationNano * weight;
        counts.LastUnixNano = nowUnixNano;
        _buckets[(index * DurationBuckets.Count) + DurationBuckets.IndexOf(durationNano)] += weight;
        if (_fine.Length > 0)
        {
            _fine[(index * ExponentialBuckets.Count) + ExponentialBuckets.IndexOf(durationNano)] += weight;
        }
    }

    /// <summary>Of what was added, how much came without a parent.</summary>
    public void Arrived(int index, Arrival arrival, ulong weight)
    {
        ref var counts = ref _keys[index];
        counts.Begun += arrival == Arrival.Begins ? weight : 0;
        counts.Linked += arrival == Arrival.Links ? weight : 0;
    }

    /// <summary>Adds what a histogram counted.</summary>
    /// <param name="buckets">By <see cref="DurationBuckets"/>; their sum is <paramref name="calls"/>.</param>
    public void AddMany(int index, ulong calls, ulong durationNano, ReadOnlySpan<ulong> buckets, ulong nowUnixNano)
    {
        ref var counts = ref _keys[index];
        counts.Calls += calls;
        counts.DurationNano += durationNano;
        counts.LastUnixNano = nowUnixNano;
        var own = _buckets.AsSpan(index * DurationBuckets.Count, DurationBuckets.Count);
        for (var i = 0; i < own.Length; i++)
        {
            own[i] += buckets[i];
        }
    }

    /// <summary>Since the last drain there was none.</summary>
    public bool WantsExemplar(int index) => _exemplars[index].UnixNano == 0;

    public void Set(int index, in Exemplar exemplar) => _exemplars[index] = exemplar;

    /// <summary>Hands every series that counted since the last drain to <paramref name="take"/>, and sets it back to zero.</summary>
    public void Drain(DrainCounts take)
    {
        for (var i = 0; i < _keys.End; i++)
        {
            if (!_keys.IsLive(i) || _keys[i].Calls == 0)
            {
                continue;
            }

            ref var counts = ref _keys[i];
            var buckets = _buckets.AsSpan(i * DurationBuckets.Count, DurationBuckets.Count);
            var fine = _fine.Length > 0 ? _fine.AsSpan(i * ExponentialBuckets.Count, ExponentialBuckets.Count) : default;
            take(new Drained(_keys.KeyOf(i), counts, buckets, fine, _exemplars[i]));
            counts = new Counts { Service = counts.Service, LastUnixNano = counts.LastUnixNano, FoundInSweep = counts.FoundInSweep };
            buckets.Clear();
            fine.Clear();
            _exemplars[i] = default;
        }
    }

    /// <summary>What is added from now on belongs to one request.</summary>
    public void Begin() => _added.Clear();

    /// <summary>The request was malformed: what it added goes again.</summary>
    public void Rollback()
    {
        foreach (var index in _added)
        {
            Remove(index);
        }

        _added.Clear();
    }

    /// <summary>Forgets what has counted nothing since <paramref name="beforeUnixNano"/> and has been drained. What was found since the last sweep stays: a
    /// request that is under way counts in it later, by its number.</summary>
    /// <param name="isInUse">Looked up by somebody who may still count.</param>
    public void Expire(ulong beforeUnixNano, Predicate<int> isInUse)
    {
        for (var i = 0; i < _keys.End; i++)
        {
            if (_keys.IsLive(i) && _keys[i].Calls == 0 && _keys[i].LastUnixNano < beforeUnixNano && _keys[i].FoundInSweep < _sweep && !isInUse(i))
            {
                Remove(i);
            }
        }

        _sweep++;
    }

    private void Remove(int index)
    {
        var service = _keys[index].Service;
        if (--_perService[service] == 0)
        {
            _perService.Remove(service);
        }

        _exemplars[index] = default;
        _keys.Remove(index);
    }

    private void MakeRoom(int index)
    {
        if (index < _exemplars.Length)
        {
            return;
        }

        var length = _exemplars.Length * 2;
        Array.Resize(ref _exemplars, length);
        Array.Resize(ref _buckets, length * DurationBuckets.Count);
        if (_fine.Length > 0)
        {
            Array.Resize(ref _fine, length * ExponentialBuckets.Count);
        }
    }
}

/// <summary>Since the last drain, but for <see cref="LastUnixNano"/> and <see cref="FoundInSweep"/>.</summary>
internal struct Counts
{
    public uint Service;
    public ulong Calls;
    public ulong Failed;
    public ulong Begun;
    public ulong Linked;
    public ulong DurationNano;
    public ulong LastUnixNano;
    public uint FoundInSweep;
}

/// <summary>A kept span that a count came from; none while <see cref="UnixNano"/> is 0.</summary>
internal readonly record struct Exemplar(ulong TraceHigh, ulong TraceLow, ulong Span, ulong DurationNano, ulong UnixNano);

/// <param name="fine">Empty unless exponential buckets are kept.</param>
internal readonly ref struct Drained(ReadOnlySpan<byte> key, Counts counts, ReadOnlySpan<ulong> buckets, ReadOnlySpan<ulong> fine, Exemplar exemplar)
{
    public ReadOnlySpan<byte> Key { get; } = key;

    public Counts Counts { get; } = counts;

    public ReadOnlySpan<ulong> Buckets { get; } = buckets;

    public ReadOnlySpan<ulong> Fine { get; } = fine;

    public Exemplar Exemplar { get; } = exemplar;
}

internal delegate void DrainCounts(scoped Drained series);
