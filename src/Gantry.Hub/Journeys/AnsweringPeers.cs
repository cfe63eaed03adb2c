using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys.Breaks;
using Gantry.Hub.Journeys.Links;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Journeys;

/// <summary>Says of a call which nobody answered who was called, and whether that could be told.</summary>
internal interface IPeerFacts
{
    bool IsDark(ServiceState caller, PeerKey peer);
}

/// <summary>
/// Whether whoever is called could answer with a span: a service that is known, dark or not, or whoever answered such a call within the hour.
/// Databases and third parties cannot; without this, each call to them would break a journey. A message may lie in its queue for hours: it is lost only where somebody takes messages and
/// begins a trace for each.
/// </summary>
internal sealed class AnsweringPeers(EstateView estate, ObservationStore observations, LinkBook links) : IPeerFacts
{
    private volatile Index? _index;
    private readonly LastKnownPeers _known = new();

    public bool CanAnswer(ServiceState caller, PeerKey peer)
    {
        if (peer.Type == PeerType.Messaging)
        {
            return NodeOf(caller.Id, peer) is { } queue && Current.Losers.ContainsKey(queue.Id);
        }

        lock (links.Gate)
        {
            if (links.Links_NeedsLock.TryGetValue(new LinkKey(caller, peer), out var link) && link.AnsweredBy.Count > 0)
            {
                return true;
            }
        }

        return peer.Type != PeerType.Database && NodeOf(caller.Id, peer) is { ServiceId: not null, Type: "service" };
    }

    /// <summary>Known to run, and to send nothing.</summary>
    public bool IsDark(ServiceState caller, PeerKey peer) => NodeOf(caller.Id, peer)?.ServiceId is { } id && (Current.Dark.Contains(id) || LastKnown(caller.Id, peer)?.Row.Dark == true);

    /// <summary>Who is meant, or was while somebody could tell; null when nobody knows.</summary>
    public EdgeNode? NodeOf(string callerId, PeerKey peer)
    {
        var snapshot = estate.Current;
        var caller = snapshot.Aliases.GetValueOrDefault(callerId, callerId);
        var node = snapshot.Peers.GetValueOrDefault((caller, peer));
        if (node is { Type: "service", ServiceId: { } id } && snapshot.FindService(id) is { } row)
        {
            _known.Saw((caller, peer), node, row, snapshot.At);
            return node;
        }

        return node is null or { Type: "address" } ? _known.Of((caller, peer), snapshot)?.Node ?? node : node;
    }

    /// <summary>Who was meant when that could last be told; null where it can be told now, or never could.</summary>
    public KnownPeer? LastKnown(string callerId, PeerKey peer)
    {
        var snapshot = estate.Current;
        return _known.Of((snapshot.Aliases.GetValueOrDefault(callerId, callerId), peer), snapshot) is { } known && known.At < snapshot.At ? known : null;
    }

    /// <summary>Who reads a queue and begins a trace for its messages; null when nobody does.</summary>
    public string? LosingReaderOf(EdgeNode queue) => Current.Losers.GetValueOrDefault(queue.Id);

    private Index Current
    {
        get
        {
            var snapshot = estate.Current;
            var index = _index;
            return index is not null && ReferenceEquals(index.Snapshot, snapshot) ? index : _index = new Index(snapshot, BeginByQueue(snapshot));
        }
    }

    /// <summary>Of those who read queues.</summary>
    private HashSet<string> BeginByQueue(EstateSnapshot snapshot)
    {
        var readers = snapshot.Edges.Where(edge => edge.Caller.Type == "queue").Select(edge => edge.Callee.ServiceId).OfType<string>().ToHashSet();
        var begin = new HashSet<string>();
        lock (observations.Gate)
        {
            foreach (var id in readers)
            {
                if (snapshot.FindService(id) is { } row && observations.FindService_NeedsLock(row.SeriesId) is { } state && ServiceFacts.Of_NeedsLock(state, snapshot.At).Queued > 0)
                {
                    begin.Add(id);
                }
            }
        }

        return begin;
    }

    private sealed class Index(EstateSnapshot snapshot, HashSet<string> begin)
    {
        public EstateSnapshot Snapshot => snapshot;

        public Dictionary<string, string> Losers { get; } = snapshot.Edges
            .Where(edge => edge.Caller.Type == "queue" && edge.Callee.ServiceId is { } id && begin.Contains(id))
            .GroupBy(edge => edge.Caller.Id)
            .ToDictionary(group => group.Key, group => group.First().Callee.ServiceId!);

        public HashSet<string> Dark { get; } = [.. snapshot.Services.Where(service => service.Dark).Select(service => service.Id)];
    }
}
