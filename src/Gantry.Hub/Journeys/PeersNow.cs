using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Edges;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Journeys;

/// <summary>Who is meant by what spans call others, in one snapshot.</summary>
/// <param name="begin">Ids of services that take messages and begin a trace for each.</param>
internal sealed class PeersNow(EstateSnapshot snapshot, IReadOnlySet<string> begin)
{
    private readonly Dictionary<string, string> _losers = snapshot.Edges
        .Where(edge => edge.Caller.Type == "queue" && edge.Callee.ServiceId is { } id && begin.Contains(id))
        .GroupBy(edge => edge.Caller.Id)
        .ToDictionary(group => group.Key, group => group.First().Callee.ServiceId!);

    private readonly HashSet<string> _dark = [.. snapshot.Services.Where(service => service.Dark).Select(service => service.Id)];

    /// <summary>Derived snapshots share them.</summary>
    public IReadOnlyList<EdgeRow> Edges => snapshot.Edges;

    /// <summary>Null when nobody knows.</summary>
    public EdgeNode? NodeOf(string callerId, PeerKey peer) => snapshot.Peers.GetValueOrDefault((snapshot.Aliases.GetValueOrDefault(callerId, callerId), peer));

    /// <summary>Who reads a queue and begins a trace for its messages; null when nobody does.</summary>
    public string? LosingReaderOf(EdgeNode queue) => _losers.GetValueOrDefault(queue.Id);

    /// <summary>Known to run, and to send nothing.</summary>
    public bool IsDark(string callerId, PeerKey peer) => NodeOf(callerId, peer)?.ServiceId is { } id && _dark.Contains(id);
}
