using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Observe;

/// <summary>
/// What one trace request will count once it is accepted. A request that the destination refuses is sent again by its client; it must not be
/// counted twice, so scanning and counting are two steps. Reused: a pooled batch keeps its arrays.
/// </summary>
internal sealed class TraceBatch
{
    private Counted[] _spans = new Counted[512];
    private readonly List<(ResourceEntry Resource, int Spans, bool Sampled)> _resources = [];
    private readonly List<(ResourceEntry Resource, ScopeSeen Scope)> _scopes = [];
    private readonly List<Picked> _picked = [];

    public ReadOnlySpan<Counted> Spans => _spans.AsSpan(0, SpanCount);

    public int SpanCount { get; private set; }

    /// <summary>Spans with ids that no trace can have: refused, the others are not.</summary>
    public int Rejected { get; private set; }

    public List<(ResourceEntry Resource, int Spans, bool Sampled)> Resources => _resources;

    public List<(ResourceEntry Resource, ScopeSeen Scope)> Scopes => _scopes;

    public List<Picked> Picked => _picked;

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
        _resources.Clear();
        _scopes.Clear();
        _picked.Clear();
    }

    internal readonly record struct Counted(int Series, ulong DurationNano);
}
