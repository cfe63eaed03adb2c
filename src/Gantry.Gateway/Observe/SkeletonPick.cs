using System.Buffers.Binary;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Gateway.Observe;

/// <summary>
/// Chooses the traces whose spans are shown to the hub, by the low 56 bits of the trace id (the W3C randomness), so that every
/// gateway chooses the same traces and none keeps state by trace. When more than <see cref="Capacity"/> spans come between two
/// reports, the threshold rises: always whole traces go, never single spans of one. The report tells the threshold: below it, a trace may have lost spans here.
/// </summary>
internal sealed class SkeletonPick
{
    public const int Capacity = 4096;

    /// <summary>A batch consumer may link to hundreds; what it takes from more producers than these is not seen.</summary>
    private const int MaxLinks = 8;

    private const ulong RandomBits = (1UL << 56) - 1;

    private readonly Picked[] _picked = new Picked[Capacity];

    private int _count;
    private ulong _threshold;

    // A request is scanned under one threshold and counted under a later one, which may be lower.
    private ulong _scanned;

    // Not even one trace fitted.
    private bool _overflowed;

    /// <summary>What a request is scanned under now; to be handed to <see cref="Counted"/>.</summary>
    public ulong Threshold => _threshold;

    public bool Wants(ReadOnlySpan<byte> traceId) => RandomnessOf(traceId) >= _threshold;

    /// <summary>Notes what is shown of a span: itself, and what it links to in traces that are chosen.</summary>
    public void Pick(in SpanView span, ReadOnlySpan<byte> bytes, Resolved place, Arrival arrival, List<Picked> target)
    {
        if (target.Count >= Capacity && !MakeRoom(target))
        {
            return;
        }

        var flags = (arrival == Arrival.Links ? SkeletonFlags.HasLink : SkeletonFlags.None) | (span.StatusCode == 2 ? SkeletonFlags.Failed : SkeletonFlags.None);
        if (Wants(span.TraceId))
        {
            target.Add(Of(span, span.TraceId, span.ParentSpanId, place, flags));
        }

        if (arrival == Arrival.Links || span.Kind == SpanKinds.Consumer)
        {
            PickLinks(span, bytes, place, flags | SkeletonFlags.IsLink, target);
        }
    }

    public void Add(in Picked span)
    {
        if (_count == Capacity)
        {
            Raise();
        }

        if ((span.TraceLow & RandomBits) < _threshold)
        {
            return;
        }

        if (_count == Capacity)
        {
            _overflowed = true;
            return;
        }

        _picked[_count++] = span;
    }

    /// <summary>A request that was scanned under this threshold is counted: what was left out of it is missing in this report.</summary>
    public void Counted(ulong threshold) => _scanned = Math.Max(_scanned, threshold);

    /// <summary>Hands on what was chosen since the last time.</summary>
    /// <returns>The threshold below which a trace may lack spans in it.</returns>
    public ulong Drain(Action<Picked> take)
    {
        for (var i = 0; i < _count; i++)
        {
            take(_picked[i]);
        }

        var told = _overflowed ? ulong.MaxValue : Math.Max(_threshold, _scanned);
        (_scanned, _overflowed) = (0, false);
        // Traffic may have fallen: half of what was left out gets its chance again.
        if (_count < Capacity / 4)
        {
            _threshold = _threshold < 1UL << 20 ? 0 : RandomBits - Math.Min(RandomBits, ((RandomBits - _threshold) * 2) + 1);
        }

        _count = 0;
        return told;
    }

    /// <summary>A request with more chosen spans than there is room for: as between two requests, the lowest traces go, whole.</summary>
    private bool MakeRoom(List<Picked> target)
    {
        while (target.Count >= Capacity && _threshold < RandomBits)
        {
            Raise();
            var threshold = _threshold;
            target.RemoveAll(picked => (picked.TraceLow & RandomBits) < threshold);
        }

        _overflowed |= target.Count >= Capacity;
        return target.Count < Capacity;
    }

    /// <summary>Halves the share of traces that are chosen, and lets go of those no longer chosen.</summary>
    private void Raise()
    {
        _threshold = RandomBits - ((RandomBits - _threshold) / 2);
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if ((_picked[i].TraceLow & RandomBits) >= _threshold)
            {
                _picked[kept++] = _picked[i];
            }
        }

        _count = kept;
    }

    private void PickLinks(in SpanView span, ReadOnlySpan<byte> bytes, Resolved place, SkeletonFlags flags, List<Picked> target)
    {
        var links = new SpanLinks(bytes);
        for (var i = 0; i < MaxLinks && links.Next(); i++)
        {
            if (!links.TraceId.SequenceEqual(span.TraceId) && Wants(links.TraceId))
            {
                target.Add(Of(span, links.TraceId, links.SpanId, place, flags));
            }
        }
    }

    private static Picked Of(in SpanView span, ReadOnlySpan<byte> trace, ReadOnlySpan<byte> parent, Resolved place, SkeletonFlags flags) => new(
        BinaryPrimitives.ReadUInt64BigEndian(trace),
        BinaryPrimitives.ReadUInt64BigEndian(trace[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(span.SpanId),
        parent.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(parent),
        place,
        span.Duration,
        flags);

    private static ulong RandomnessOf(ReadOnlySpan<byte> traceId) => BinaryPrimitives.ReadUInt64BigEndian(traceId[8..]) & RandomBits;
}

/// <summary>A chosen span, without an object.</summary>
/// <param name="Place">Its series says service, kind and operation; its edge whom it calls.</param>
internal readonly record struct Picked(ulong TraceHigh, ulong TraceLow, ulong Span, ulong Parent, Resolved Place, ulong DurationNano, SkeletonFlags Flags);
