using Gantry.Estate.Red;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Hub.Coverage.Edges;

/// <summary>Counts of one edge, as one caller's spans name the peer.</summary>
internal sealed record EdgeFact(string CallerId, PeerKey Peer, RecentCalls Recent, DateTimeOffset LastSeen)
{
    /// <summary>Whose spans counted it: where several are one row, each saw the same calls.</summary>
    public string Part { get; init; } = CallerId;
}

/// <summary>A CONSUMER operation: its name may name the queue that it takes from.</summary>
internal sealed record ConsumerFact(string ServiceId, string Operation, RecentCalls Recent, DateTimeOffset LastSeen)
{
    /// <inheritdoc cref="EdgeFact.Part"/>
    public string Part { get; init; } = ServiceId;
}

/// <summary>Where a service runs, as one of its resources says.</summary>
internal sealed record Place(string ServiceId, SourceState Source)
{
    public string Of(string key) => Source.Find(key);

    /// <summary>Its host.name is then the name of the container or pod, and nobody else's.</summary>
    public bool IsContained => Of("container.id").Length > 0 || Of("k8s.pod.name").Length > 0;
}

/// <summary>Everything that joining names with services needs, copied while the store stands still, so that the joining itself does not hold it.</summary>
internal sealed record EdgeEvidence(
    IReadOnlyList<EdgeFact> Edges,
    IReadOnlyDictionary<(string Caller, string Callee), DateTimeOffset> Traces,
    IReadOnlyList<Place> Places,
    ILookup<string, string> RpcServices,
    IReadOnlyList<ConsumerFact> Consumers)
{
    // A resource that fell silent longer ago says nothing about where the service runs now.
    private static readonly TimeSpan PlaceCounts = TimeSpan.FromHours(1);

    public static EdgeEvidence Copy_NeedsLock(ObservationStore observations, DateTimeOffset now)
    {
        var services = observations.Services_NeedsLock.Where(service => now - service.LastSeen < ObservationStore.Kept).ToList();
        var edges = new List<EdgeFact>();
        foreach (var service in services)
        {
            foreach (var edge in service.Edges.Values.Where(edge => now - edge.LastSeen < ObservationStore.Kept))
            {
                edges.Add(new EdgeFact(service.Id, edge.Peer, RecentCalls.Of(edge.Window, now), edge.LastSeen));
            }
        }

        var traces = observations.Edges_NeedsLock.ToDictionary(edge => edge.Key, edge => edge.Value);
        // What only some edges need is not walked over without one of them.
        var rpc = edges.Exists(edge => edge.Peer.Type == PeerType.Rpc) ? services.SelectMany(RpcServicesOf) : [];
        var consumers = edges.Exists(edge => edge.Peer.Type == PeerType.Messaging) ? services.SelectMany(service => ConsumersOf(service, now)) : [];
        var places = edges.Count == 0 ? [] : services.SelectMany(service => service.Sources.Values
            .Where(source => now - source.LastSeen < PlaceCounts)
            .Select(source => new Place(service.Id, source)));
        return new EdgeEvidence(edges, traces, [.. places], rpc.ToLookup(item => item.Rpc, item => item.ServiceId, StringComparer.Ordinal), [.. consumers]);
    }

    /// <summary>With the rows that services became part of in the place of their own.</summary>
    public EdgeEvidence Renamed(IReadOnlyDictionary<string, string> aliases)
    {
        if (aliases.Count == 0)
        {
            return this;
        }

        string Row(string id) => aliases.GetValueOrDefault(id, id);
        var traces = new Dictionary<(string Caller, string Callee), DateTimeOffset>(Traces.Count);
        foreach (var (edge, at) in Traces)
        {
            var key = (Row(edge.Caller), Row(edge.Callee));
            // Two that saw the same request of one service are not a caller and a callee.
            if (key.Item1 != key.Item2 && (!traces.TryGetValue(key, out var before) || before < at))
            {
                traces[key] = at;
            }
        }

        return new EdgeEvidence(
            [.. Edges.Select(edge => aliases.TryGetValue(edge.CallerId, out var id) ? edge with { CallerId = id } : edge)],
            traces,
            [.. Places.Select(place => aliases.TryGetValue(place.ServiceId, out var id) ? place with { ServiceId = id } : place)],
            RpcServices.SelectMany(rpc => rpc.Select(id => (Rpc: rpc.Key, Id: Row(id))).Distinct()).ToLookup(item => item.Rpc, item => item.Id, StringComparer.Ordinal),
            [.. Consumers.Select(consumer => aliases.TryGetValue(consumer.ServiceId, out var id) ? consumer with { ServiceId = id } : consumer)]);
    }

    /// <summary>A SERVER span of a call is named "package.Service/Method".</summary>
    private static IEnumerable<(string Rpc, string ServiceId)> RpcServicesOf(ServiceState service) => service.Operations.Keys
        .Where(operation => operation.Kind == SpanKinds.Server && operation.Name.LastIndexOf('/') > 0)
        .Select(operation => (operation.Name[..operation.Name.LastIndexOf('/')].TrimStart('/'), service.Id))
        .Distinct();

    private static IEnumerable<ConsumerFact> ConsumersOf(ServiceState service, DateTimeOffset now) => service.Operations
        .Where(item => item.Key is { Kind: SpanKinds.Consumer, Source: RedSource.Spans })
        .Select(item => new ConsumerFact(service.Id, item.Key.Name, RecentCalls.Of(item.Value.Window, now), item.Value.LastSeen));
}

/// <summary>Counts of an edge that can be added to those of another.</summary>
internal sealed class RecentCalls
{
    private const int Minutes = 5;

    private readonly ulong[] _buckets = new ulong[DurationBuckets.Count];

    private ulong _recent;

    private ulong _recentFailed;

    private double _seconds;

    /// <summary>Of the last hour.</summary>
    public ulong Calls { get; private set; }

    public ulong Failed { get; private set; }

    /// <summary>The running minute and the four before it; of a younger edge, the time since its first call, but no less than a minute.</summary>
    public static RecentCalls Of(RedWindow window, DateTimeOffset now)
    {
        var calls = new RecentCalls();
        var first = window.SlotOf(now) - Minutes + 1;
        var oldest = window.SlotOf(now - RedWindow.Kept);
        DateTimeOffset? began = null;
        foreach (var slot in window.Since(oldest))
        {
            began ??= window.StartOf(slot.Slot);
            calls.Calls += slot.Calls;
            calls.Failed += slot.Errors;
            if (slot.Slot >= first)
            {
                calls.Add(slot.Calls, slot.Errors, slot.Buckets);
            }
        }

        var from = window.StartOf(first);
        calls._seconds = Math.Max(60, (now - (began > from ? began.Value : from)).TotalSeconds);
        return calls;
    }

    /// <summary>Of edges that are one, the oldest says how long there were calls.</summary>
    public RecentCalls Plus(RecentCalls other)
    {
        var sum = new RecentCalls { Calls = Calls + other.Calls, Failed = Failed + other.Failed, _seconds = Math.Max(_seconds, other._seconds) };
        sum.Add(_recent, _recentFailed, _buckets);
        sum.Add(other._recent, other._recentFailed, other._buckets);
        return sum;
    }

    public EdgeRed? Red() => _recent == 0
        ? null
        : new EdgeRed(_recent / _seconds, (double)_recentFailed / _recent, DurationBuckets.Quantile(_buckets, 0.5), DurationBuckets.Quantile(_buckets, 0.95));

    private void Add(ulong calls, ulong failed, ulong[] buckets)
    {
        _recent += calls;
        _recentFailed += failed;
        for (var i = 0; i < _buckets.Length; i++)
        {
            _buckets[i] += buckets[i];
        }
    }
}
