using System.Collections.Concurrent;
using Gantry.Hub.Coverage;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Journeys;

/// <summary>
/// Which service stood behind a name or an address when that could last be told. Only an agent knows who listens at a port: without this, a call that nobody answers would become one to
/// somebody outside as soon as the agent falls silent, and its journey whole. Only in memory: a hub that starts knows what it sees. Thread-safe.
/// </summary>
internal sealed class LastKnownPeers
{
    private const int Most = 20_000;

    // Said anew with each snapshot.
    private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<(string Caller, PeerKey Peer), KnownPeer> _known = [];

    public void Saw((string Caller, PeerKey Peer) key, EdgeNode node, ServiceRow row, DateTimeOffset at)
    {
        if (_known.TryGetValue(key, out var before) ? at - before.At < SayEvery && before.Node == node : _known.Count >= Most && !Forget(at))
        {
            return;
        }

        _known[key] = new KnownPeer(node, row, at);
    }

    /// <summary>Null where nobody ever could tell, not within a day, or where an agent that reports says that nobody listens there any more.</summary>
    public KnownPeer? Of((string Caller, PeerKey Peer) key, EstateSnapshot snapshot) =>
        _known.TryGetValue(key, out var known) && snapshot.At - known.At < ObservationStore.Kept && !known.Row.Processes.Any(process => snapshot.Hosts.Any(host => host.Id == process.HostId && host.Processes > 0)) ? known : null;

    private bool Forget(DateTimeOffset now)
    {
        foreach (var (key, known) in _known)
        {
            if (now - known.At >= ObservationStore.Kept)
            {
                _known.TryRemove(key, out _);
            }
        }

        return _known.Count < Most;
    }
}

/// <param name="Row">Of the service, as it was then.</param>
internal sealed record KnownPeer(EdgeNode Node, ServiceRow Row, DateTimeOffset At);
