using Gantry.Hub.Coverage;
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
/// Whether whoever is called could answer with a span: a service that is known, dark or not, whoever answered such a call within the hour, a queue that somebody reads.
/// Databases and third parties cannot; without this, each call to them would break a journey.
/// </summary>
internal sealed class AnsweringPeers(EstateView estate, LinkBook links) : IPeerFacts
{
    private volatile Index? _index;

    public bool CanAnswer(ServiceState caller, PeerKey peer)
    {
        lock (links.Gate)
        {
            if (links.Links_NeedsLock.TryGetValue(new LinkKey(caller, peer), out var link) && link.AnsweredBy.Count > 0)
            {
                return true;
            }
        }

        return peer.Type != PeerType.Database && CanAnswer(NodeOf(caller.Id, peer));
    }

    public bool CanAnswer(EdgeNode? node) => node is not null && (node.Type == "queue" ? Current.Read.Contains(node.Id) : node is { ServiceId: not null, Type: "service" });

    /// <summary>Known to run, and to send nothing.</summary>
    public bool IsDark(ServiceState caller, PeerKey peer) => NodeOf(caller.Id, peer)?.ServiceId is { } id && Current.Dark.Contains(id);

    /// <summary>Who is meant; null when nobody knows.</summary>
    public EdgeNode? NodeOf(string callerId, PeerKey peer)
    {
        var snapshot = estate.Current;
        return snapshot.Peers.GetValueOrDefault((snapshot.Aliases.GetValueOrDefault(callerId, callerId), peer));
    }

    /// <summary>Services that read a queue.</summary>
    public IReadOnlyList<EdgeNode> ReadersOf(EdgeNode queue) => [.. Current.Readers[queue.Id]];

    private Index Current
    {
        get
        {
            var snapshot = estate.Current;
            var index = _index;
            return index is not null && ReferenceEquals(index.Snapshot, snapshot) ? index : _index = new Index(snapshot);
        }
    }

    private sealed class Index(EstateSnapshot snapshot)
    {
        public EstateSnapshot Snapshot => snapshot;

        public ILookup<string, EdgeNode> Readers { get; } = snapshot.Edges.Where(edge => edge.Caller.Type == "queue").ToLookup(edge => edge.Caller.Id, edge => edge.Callee);

        public HashSet<string> Dark { get; } = [.. snapshot.Services.Where(service => service.Dark).Select(service => service.Id)];

        public HashSet<string> Read { get; } = [.. snapshot.Edges.Where(edge => edge.Caller.Type == "queue").Select(edge => edge.Caller.Id)];
    }
}
