using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Edges;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Journeys;

/// <summary>Who is meant by what spans call others, in one snapshot.</summary>
/// <param name="begin">Ids of services that take messages and begin a trace for each.</param>
internal sealed class PeersNow(EstateSnapshot snapshot, IReadOnlySet<string> begin, LastKnownPeers known)
{
    private readonly Dictionary<string, string> _losers = snapshot.Edges
        .Where(edge => edge.Caller.Type == "queue" && edge.Callee.ServiceId is { } id && begin.Contains(id))
        .GroupBy(edge => edge.Caller.Id)
        .ToDictionary(group => group.Key, group => group.First().Callee.ServiceId!);

    private readonly HashSet<string> _dark = [.. snapshot.Services.Where(service => service.Dark).Select(service => service.Id)];

    /// <summary>Of this snapshot, or of one that was derived from it: those share their edges. Where nothing calls, all snapshots share the same none.</summary>
    public bool IsOf(EstateSnapshot other) => other.At == snapshot.At && ReferenceEquals(other.Edges, snapshot.Edges);

    /// <summary>Who is meant, or was while somebody could tell; null when nobody knows.</summary>
    public EdgeNode? NodeOf(string callerId, PeerKey peer)
    {
        var key = KeyOf(callerId, peer);
        var node = snapshot.Peers.GetValueOrDefault(key);
        if (node is { Type: "service", ServiceId: { } id } && snapshot.FindService(id) is { } row)
        {
            known.Saw(key, node, row, snapshot.At);
            return node;
        }

        return node is null or { Type: "address" } ? known.Of(key, snapshot)?.Node ?? node : node;
    }

    /// <summary>Who was meant when that could last be told; null where it can be told now, or never could.</summary>
    public KnownPeer? LastKnown(string callerId, PeerKey peer) => known.Of(KeyOf(callerId, peer), snapshot) is { } last && last.At < snapshot.At ? last : null;

    /// <summary>Who reads a queue and begins a trace for its messages; null when nobody does.</summary>
    public string? LosingReaderOf(EdgeNode queue) => _losers.GetValueOrDefault(queue.Id);

    /// <summary>Known to run, and to send nothing; or it was when that could last be told.</summary>
    public bool IsDark(string callerId, PeerKey peer) => NodeOf(callerId, peer)?.ServiceId is { } id && (_dark.Contains(id) || LastKnown(callerId, peer)?.Row.Dark == true);

    private (string Caller, PeerKey Peer) KeyOf(string callerId, PeerKey peer) => (snapshot.Aliases.GetValueOrDefault(callerId, callerId), peer);
}
