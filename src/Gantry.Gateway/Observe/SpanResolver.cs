using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Gateway.Observe;

/// <summary>Numbers of the series and the edge that a span counts in.</summary>
/// <param name="Edge">-1 when it is no call, or does not say whom it called.</param>
internal readonly record struct Resolved(int Series, int Edge);

/// <summary>
/// Finds a span's series and edge: by its shape, which most spans share with one before them; else by its raw key; and what a raw key means (ids
/// folded, numbers as text, limits) is worked out when it is new. Not thread-safe: one per shard.
/// </summary>
internal sealed class SpanResolver(bool exponential)
{
    /// <summary>Raw keys remembered; beyond it a span's meaning is worked out each time, which is slower and no less right.</summary>
    public const int MaxKeys = 500_000;

    private const int MaxKeyBytes = 64 * 1024 * 1024;

    private const uint AllAttributes = (1u << SpanAttributes.Count) - 1;
    private const uint RedAttributes = (1u << (int)SpanAttributes.FirstOfPeer) - 1;

    private readonly KeyTable<Known> _known = new();
    private readonly ShapeTable _shapes = new();
    private readonly List<int> _added = [];
    private readonly byte[] _raw = new byte[SpanKey.MaxBytes];
    private readonly byte[] _canonical = new byte[SpanKey.MaxBytes];
    private readonly byte[] _withPeer = new byte[SpanKey.MaxBytes];

    public CountTable Red { get; } = new(exponential);

    public CountTable Edges { get; } = new(exponential: false);

    /// <summary>Raw keys that are remembered.</summary>
    public int Count => _known.Count;

    /// <summary>Shapes that are remembered.</summary>
    public int ShapeCount => _shapes.Count;

    /// <summary>The short way, for a span that has not been read: true when it has the shape of one before it.</summary>
    /// <param name="span">Valid then, and read but for its attributes.</param>
    /// <param name="handle">For <see cref="Resolve"/>.</param>
    public bool TryFit(uint service, ReadOnlySpan<byte> bytes, uint tick, out SpanView span, out Resolved place, out ulong handle) =>
        _shapes.TryFind(service, bytes, tick, out span, out place, out handle);

    /// <param name="bytes">Of the span.</param>
    /// <param name="tick">Any clock that only goes up; for <see cref="Expire"/>.</param>
    /// <param name="notes">Takes what is worth a finding.</param>
    /// <param name="handle">What <see cref="TryFit"/> said of it; 0: its shape is not to be remembered.</param>
    public Resolved Resolve(RedKey key, in SpanView span, ReadOnlySpan<byte> bytes, uint tick, IResolveNotes notes, ulong handle = 0)
    {
        var raw = _raw.AsSpan(0, SpanKey.Write(key, span, bytes, _raw, out var hash));
        var index = _known.Find(raw, hash);
        if (index >= 0)
        {
            ref var known = ref _known[index];
            known.Tick = tick;
            if (handle != 0)
            {
                _shapes.Learn(key.Service, bytes, handle, IsOutbound(key) ? AllAttributes : RedAttributes, known.Resolved, index, tick);
            }

            return known.Resolved;
        }

        return Learn(key, raw, hash, tick, notes);
    }

    /// <summary>The series of an operation that is known by name only.</summary>
    public int SeriesOf(RedKey key, ReadOnlySpan<byte> operation)
    {
        var index = Red.Find(key.Service, SpanLabels.Plain(key, operation));
        return index >= 0 ? index : OverflowOf(key);
    }

    public void Begin()
    {
        _added.Clear();
        _shapes.Begin();
        Red.Begin();
        Edges.Begin();
    }

    /// <summary>The request was malformed: what it added goes again.</summary>
    public void Rollback()
    {
        foreach (var index in _added)
        {
            _known.Remove(index);
        }

        _added.Clear();
        _shapes.Rollback();
        Red.Rollback();
        Edges.Rollback();
    }

    /// <summary>Forgets keys that were not seen since <paramref name="beforeTick"/>, and series that nothing leads to any more.</summary>
    /// <param name="beforeUnixNano">The same moment. So long ago that no request which was under way then still is: numbers are given out again.</param>
    public void Expire(uint beforeTick, ulong beforeUnixNano)
    {
        _shapes.Expire(beforeTick, (index, tick) => _known[index].Tick = Math.Max(_known[index].Tick, tick));
        var (series, edges) = (new HashSet<int>(), new HashSet<int>());
        for (var i = 0; i < _known.End; i++)
        {
            if (!_known.IsLive(i))
            {
                continue;
            }

            if (_known[i].Tick < beforeTick)
            {
                _known.Remove(i);
            }
            else
            {
                series.Add(_known[i].Resolved.Series);
                edges.Add(_known[i].Resolved.Edge);
            }
        }

        Red.Expire(beforeUnixNano, series.Contains);
        Edges.Expire(beforeUnixNano, edges.Contains);
    }

    private Resolved Learn(RedKey key, ReadOnlySpan<byte> raw, ulong hash, uint tick, IResolveNotes notes)
    {
        var (length, folded) = SpanLabels.Canonical(raw, RedAttributes, _canonical);
        var canonical = _canonical.AsSpan(0, length);
        var series = Red.Find(key.Service, canonical);
        if (series < 0)
        {
            notes.Overflowed(key.Service, SpanKey.NameIn(canonical));
            series = OverflowOf(key);
        }

        if (folded)
        {
            notes.Folded(key.Service, SpanKey.NameIn(raw), SpanKey.NameIn(canonical));
        }

        var resolved = new Resolved(series, IsOutbound(key) ? EdgeOf(key, raw) : -1);
        // A folded name holds an id, which does not come again.
        if (!folded && _known.Count < MaxKeys && _known.Bytes < MaxKeyBytes)
        {
            var index = _known.Add(raw, hash);
            _known[index] = new Known { Resolved = resolved, Tick = tick };
            _added.Add(index);
        }

        return resolved;
    }

    private static bool IsOutbound(RedKey key) => key.Kind is SpanKinds.Client or SpanKinds.Producer;

    private int EdgeOf(RedKey key, ReadOnlySpan<byte> raw)
    {
        var (length, _) = SpanLabels.Canonical(raw, AllAttributes, _withPeer);
        if (PeerKey.Of(key, SpanLabels.Read(_withPeer.AsSpan(0, length))) is not { } peer)
        {
            return -1;
        }

        var edge = Edges.Find(key.Service, peer.ToBytes());
        return edge >= 0 ? edge : Edges.Find(key.Service, PeerKey.Overflow(key.Service).ToBytes(), isOverflow: true);
    }

    /// <summary>One by kind and status, so that rates and errors stay right by themselves.</summary>
    private int OverflowOf(RedKey key) => Red.Find(key.Service, SpanLabels.Plain(key with { IsOverflow = true }, []), isOverflow: true);

    private struct Known
    {
        public Resolved Resolved;
        public uint Tick;
    }
}

/// <summary>Takes note of what a service should know about its names.</summary>
internal interface IResolveNotes
{
    void Folded(uint service, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to);

    void Overflowed(uint service, ReadOnlySpan<byte> operation);
}
