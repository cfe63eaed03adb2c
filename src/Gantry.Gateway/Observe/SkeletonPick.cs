using System.Buffers.Binary;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Gateway.Observe;

/// <summary>
/// Chooses the traces whose entry and exit spans are shown to the hub, by the low 56 bits of the trace id (the W3C randomness), so that every
/// gateway chooses the same traces and none keeps state by trace. When more than <see cref="Capacity"/> spans come between two
/// reports, the threshold rises: always whole traces go, never single spans of one.
/// </summary>
internal sealed class SkeletonPick
{
    public const int Capacity = 4096;

    private const ulong RandomBits = (1UL << 56) - 1;

    private readonly Picked[] _picked = new Picked[Capacity];
    private int _count;
    private ulong _threshold;

    public bool Wants(ReadOnlySpan<byte> traceId) => RandomnessOf(traceId) >= _threshold;

    public static Picked Of(in SpanView span, uint service) => new(
        BinaryPrimitives.ReadUInt64BigEndian(span.TraceId),
        BinaryPrimitives.ReadUInt64BigEndian(span.TraceId[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(span.SpanId),
        span.ParentSpanId.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64BigEndian(span.ParentSpanId),
        service,
        span.Kind);

    public void Add(in Picked span)
    {
        if (_count == Capacity)
        {
            Raise();
        }

        if ((span.TraceLow & RandomBits) >= _threshold && _count < Capacity)
        {
            _picked[_count++] = span;
        }
    }

    public void Drain(List<SpanSkeleton> target, ulong nowUnixNano)
    {
        for (var i = 0; i < _count; i++)
        {
            ref readonly var span = ref _picked[i];
            target.Add(new SpanSkeleton
            {
                TraceHigh = span.TraceHigh,
                TraceLow = span.TraceLow,
                Span = span.Span,
                Parent = span.Parent,
                Service = span.Service,
                Kind = span.Kind,
                SeenUnixNano = nowUnixNano,
            });
        }

        // Traffic may have fallen: half of what was left out gets its chance again.
        if (_count < Capacity / 4)
        {
            _threshold = _threshold < 1UL << 20 ? 0 : RandomBits - Math.Min(RandomBits, ((RandomBits - _threshold) * 2) + 1);
        }

        _count = 0;
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

    private static ulong RandomnessOf(ReadOnlySpan<byte> traceId) => BinaryPrimitives.ReadUInt64BigEndian(traceId[8..]) & RandomBits;
}

/// <summary>A chosen span, without an object.</summary>
internal readonly record struct Picked(ulong TraceHigh, ulong TraceLow, ulong Span, ulong Parent, uint Service, int Kind);
