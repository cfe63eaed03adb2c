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
    /// <summary>Traces are looked at each second, and most of a second's snapshot is for people, who may not be there.</summary>
    private static readonly TimeSpan RecentEnough = TimeSpan.FromSeconds(5);

    private volatile PeersNow? _now;
    private readonly LastKnownPeers _known = new();

    public bool CanAnswer(ServiceState caller, PeerKey peer)
    {
        if (peer.Type == PeerType.Messaging)
        {
            return Recent.NodeOf(caller.Id, peer) is { } queue && Recent.LosingReaderOf(queue) is not null;
        }

        lock (links.Gate)
        {
            if (links.Links_NeedsLock.TryGetValue(new LinkKey(caller, peer), out var link) && link.AnsweredBy.Count > 0)
            {
                return true;
            }
        }

        return peer.Type != PeerType.Database && Recent.NodeOf(caller.Id, peer) is { ServiceId: not null, Type: "service" };
    }

    public bool IsDark(ServiceState caller, PeerKey peer) => Recent.IsDark(caller.Id, peer);

    /// <summary>As they are in this snapshot, or in any that was derived from it.</summary>
    public PeersNow In(EstateSnapshot snapshot) =>
        _now is { } now && now.IsOf(snapshot) ? now : _now = new PeersNow(snapshot, BeginByQueue(snapshot), _known);

    private PeersNow Recent => In(estate.Within(RecentEnough));

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
}
