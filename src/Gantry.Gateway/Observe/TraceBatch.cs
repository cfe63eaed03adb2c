using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Observe;

/// <summary>
/// What one trace request will count once it is accepted. A request that the destination refuses is sent again by its client; it must not be
/// counted twice, so scanning and counting are two steps. Reused: a pooled batch keeps its arrays.
/// </summary>
internal sealed class TraceBatch
{
    private Counted[] _spans = new Counted[512];

    public ReadOnlySpan<Counted> Spans => _spans.AsSpan(0, SpanCount);

    public int SpanCount { get; private set; }

    /// <summary>Spans with ids that no trace can have: refused, the others are not.</summary>
    public int Rejected { get; private set; }

    public List<(ResourceEntry Resource, int Spans, bool Sampled)> Resources { get; } = [];

    public List<(ResourceEntry Resource, ScopeSeen Scope)> Scopes { get; } = [];

    public List<Picked> Picked { get; } = [];

    public void Add(int series, ulong durationNano)
    {
        if (SpanCount == _spans.Length)
        {
            Array.Resize(ref _spans, SpanCount * 2);
        }

        _spans[SpanCount++] = new Counted(series, durationNano);
    }

    public void Reject() => Rejected++;

    public void Clear()
    {
        SpanCount = 0;
        Rejected = 0;
        Resources.Clear();
        Scopes.Clear();
        Picked.Clear();
    }

    internal readonly record struct Counted(int Series, ulong DurationNano);
}
