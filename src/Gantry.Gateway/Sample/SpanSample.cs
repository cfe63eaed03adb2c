using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Gantry.Estate.Sampling;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Gateway.Sample;

/// <summary>
/// The decision over one span: consistent probability sampling, stateless. Keep iff R ≥ T, T the greater of what the source said and what the policy
/// says: a threshold is only ever raised ("equalizing": a second gateway with the same policy drops nothing more).
/// </summary>
internal readonly ref struct SpanSample
{
    private const ulong RandomBits = (1UL << 56) - 1;

    private readonly OtTraceState _source;
    private readonly bool _isConsistent;

    public SpanSample(in SpanView span)
    {
        // "Presumption of TraceID randomness": without rv, the low 56 bits of the trace id, whatever the flags say.
        Randomness = BinaryPrimitives.ReadUInt64BigEndian(span.TraceId[8..]) & RandomBits;
        _isConsistent = true;
        if (span.TraceState.IsEmpty)
        {
            return;
        }

        _source = OtTraceState.Read(span.TraceState);
        if (_source.HasRandomness)
        {
            Randomness = _source.Randomness;
        }

        _isConsistent = !_source.HasThreshold || _source.Threshold.Keeps(Randomness);
    }

    public ulong Randomness { get; }

    /// <summary>The source said that it sampled. A threshold that contradicts the randomness says nothing.</summary>
    public bool WasSampled => _source.HasThreshold && _isConsistent && _source.Threshold.Value > 0;

    /// <summary>For how many spans this one stands: the adjusted count 2^56 / (2^56 - T), rounded up or down at random, but for one span always the same way, so that a retry counts alike.
    /// 1 where the source said nothing.</summary>
    public uint Weight(ReadOnlySpan<byte> spanId) => WasSampled ? WeightOf(spanId) : 1;

    private uint WeightOf(ReadOnlySpan<byte> spanId)
    {
        var count = Math.Min(_source.Threshold.AdjustedCount, uint.MaxValue);
        var whole = (uint)count;
        // The span id is random and independent of the trace's R, which the rounding must not depend on.
        var chance = (BinaryPrimitives.ReadUInt64BigEndian(spanId) * 0x9E37_79B9_7F4A_7C15 >> 11) / (double)(1UL << 53);
        return count - whole > chance ? whole + 1 : whole;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsKept(SampledState policy) => Randomness >= policy.Threshold.Value && (!WasSampled || _source.Threshold.Keeps(Randomness));

    /// <summary>What becomes of the tracestate of a kept span.</summary>
    public TraceStateChange ChangeFor(SampledState policy)
    {
        if (!_isConsistent)
        {
            // The probability is unknown, and stays so: a threshold of ours would claim to know it.
            return TraceStateChange.Erase;
        }

        // A policy that keeps all neither adds nor alters (OTEP 235); a threshold at or above ours stays.
        return policy.Threshold.Value == 0 || (_source.HasThreshold && _source.Threshold.Value >= policy.Threshold.Value)
            ? TraceStateChange.None
            : TraceStateChange.Raise;
    }

    public int Rewrite(ReadOnlySpan<byte> traceState, ReadOnlySpan<byte> threshold, Span<byte> target) => _source.Rewrite(traceState, threshold, target);
}

internal enum TraceStateChange
{
    None,

    /// <summary>Our threshold is written.</summary>
    Raise,

    /// <summary>The source's is taken out.</summary>
    Erase,
}
