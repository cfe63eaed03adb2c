using Gantry.Hub.Observations;
using Gantry.Hub.Observations.Traces;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Hub.Journeys.Ways;

/// <summary>
/// The ways of requests, by where they enter: at the entry of a declared journey, and wherever a trace begins. The second continue a journey behind a link that loses its trace.
/// </summary>
internal sealed class WayBook(DeclaredJourneys journeys, IPeerFacts peers, DeclaredNames names) : ITraceWatch
{
    private const int MaxTrees = 5000;

    /// <summary>Of one trace: what enters more often is a batch, and its first requests say where they go.</summary>
    public const int MostEntries = 100;

    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly Dictionary<ServiceState, Dictionary<string, WayTree>> _trees = [];
    private int _count;
    private DateTimeOffset _forgot;

    public Lock Gate { get; } = new();

    public IEnumerable<WayTree> All_NeedsLock => _trees.Values.SelectMany(trees => trees.Values);

    public void Settled(TraceTree trace, DateTimeOffset now)
    {
        // Drawn before the lock is taken: pages wait for it.
        List<WayVisit> visits = [.. trace.Trace.Spans
            .Where(span => !span.IsLink && SpanKinds.IsInbound(span.Kind) && (span.Parent == 0 || journeys.IsEntry(span.Service.Key, span.Operation)))
            .Take(MostEntries)
            // A journey may be entered by the operation of either of two that tell of the same request.
            .GroupBy(span => span.Operation, StringComparer.Ordinal)
            .SelectMany(group => EntryRequests.Of(trace, [.. group], names.OneOf))
            .Select(request => EntryRequests.Visit(trace, request, peers))];
        lock (Gate)
        {
            foreach (var visit in visits)
            {
                TreeOf(visit.Entry)?.Count(visit, trace.Trace.Seen);
            }

            Forget_NeedsLock(now);
        }
    }

    public void Closed(TraceTree trace, DateTimeOffset now)
    {
        // What came late changes no way.
    }

    private WayTree? TreeOf(ChosenSpan entry)
    {
        if (!_trees.TryGetValue(entry.Service, out var trees))
        {
            _trees.Add(entry.Service, trees = []);
        }

        if (!trees.TryGetValue(entry.Operation, out var tree) && _count < MaxTrees)
        {
            trees.Add(entry.Operation, tree = new WayTree(entry.Service, entry.Operation));
            _count++;
        }

        return tree;
    }

    private void Forget_NeedsLock(DateTimeOffset now)
    {
        if (now - _forgot < TimeSpan.FromMinutes(1))
        {
            return;
        }

        _forgot = now;
        foreach (var (service, trees) in _trees.ToList())
        {
            foreach (var (operation, _) in trees.Where(item => now - item.Value.Root.LastSeen > Kept).ToList())
            {
                trees.Remove(operation);
                _count--;
            }

            if (trees.Count == 0)
            {
                _trees.Remove(service);
            }
        }
    }
}
