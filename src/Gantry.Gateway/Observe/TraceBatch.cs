using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>
/// What one trace request will count once it is accepted, and what is passed on of it. A request that the destination refuses is sent again by its
/// client; it must not be counted twice, so scanning and counting are two steps. Reused: a pooled batch keeps its arrays.
/// </summary>
internal sealed class TraceBatch : IResolveNotes, IDisposable
{
    /// <summary>Of one request; what is too much is counted by the next one.</summary>
    private const int MaxFindings = 200;

    /// <summary>Of one request: what is too much is not told apart.</summary>
    private const int MaxScopes = 10_000;

    private const int MaxExemplars = 1000;
    private const int MaxPooledOutput = 4 * 1024 * 1024;

    private Counted[] _spans = new Counted[512];

    public ReadOnlySpan<Counted> Spans => _spans.AsSpan(0, SpanCount);

    public int SpanCount { get; private set; }

    /// <summary>Spans with ids that no trace can have: refused, the others are not.</summary>
    public int Rejected { get; private set; }

    /// <summary>Spans that sampling keeps; all of them where it is not asked.</summary>
    public int Kept { get; set; }

    /// <summary>The kept spans as a request, when sampling could drop some; empty when it dropped all.</summary>
    public ProtoWriter Output { get; } = new(64 * 1024);

    public List<(ResourceEntry Resource, int Spans, bool Sampled)> Resources { get; } = [];

    public List<(ResourceEntry Resource, ScopeSeen Scope)> Scopes { get; } = [];

    public List<Picked> Picked { get; } = [];

    /// <summary>Under which <see cref="Picked"/> was chosen.</summary>
    public ulong Threshold { get; set; }

    public List<(int Series, Exemplar Exemplar)> Exemplars { get; } = [];

    public List<FindingSeen> Findings { get; } = [];

    public void Add(Resolved place, ulong durationNano, uint weight, bool failed, Arrival arrival)
    {
        if (SpanCount == _spans.Length)
        {
            Array.Resize(ref _spans, SpanCount * 2);
        }

        _spans[SpanCount++] = new Counted(place.Series, place.Edge, durationNano, weight, failed, arrival);
    }

    /// <summary>Worth keeping for the next request: a burst of huge ones must not stay with us as huge arrays.</summary>
    public bool IsSmall => Output.Capacity <= MaxPooledOutput && Resources.Capacity <= MaxScopes;

    public void Add(ResourceEntry resource, ScopeSeen scope)
    {
        if (Scopes.Count < MaxScopes && (Scopes.Count == 0 || Scopes[^1] != (resource, scope)))
        {
            Scopes.Add((resource, scope));
        }
    }

    public void Add(int series, in Exemplar exemplar)
    {
        if (Exemplars.Count < MaxExemplars)
        {
            Exemplars.Add((series, exemplar));
        }
    }

    public void Reject() => Rejected++;

    public void Folded(uint service, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to)
    {
        // Such a service sends many in a request: one example is enough, the count is right.
        for (var i = 0; i < Findings.Count; i++)
        {
            if (Findings[i].Service == service && Findings[i].Code == FindingCodes.FoldedOperations)
            {
                Findings[i] = Findings[i] with { Count = Findings[i].Count + 1 };
                return;
            }
        }

        Note(service, FindingCodes.FoldedOperations, $"{Text(to)} from {Text(from)}");
    }

    public void Overflowed(uint service, ReadOnlySpan<byte> operation)
    {
        if (!Findings.Exists(finding => finding.Service == service && finding.Code == FindingCodes.TooManySeries))
        {
            Note(service, FindingCodes.TooManySeries, Text(operation));
        }
    }

    public void Clear()
    {
        SpanCount = 0;
        Rejected = 0;
        Kept = 0;
        Output.Clear();
        Resources.Clear();
        Scopes.Clear();
        Picked.Clear();
        Exemplars.Clear();
        Findings.Clear();
    }

    public void Dispose() => Output.Dispose();

    private void Note(uint service, string code, string example)
    {
        if (Findings.Count < MaxFindings)
        {
            Findings.Add(new FindingSeen(service, code, 1, example));
        }
    }

    private static string Text(ReadOnlySpan<byte> name) => System.Text.Encoding.UTF8.GetString(name);

    /// <param name="Weight">For how many spans it stands.</param>
    internal readonly record struct Counted(int Series, int Edge, ulong DurationNano, uint Weight, bool Failed, Arrival Arrival);
}
