using Gantry.Hub.Observations;

namespace Gantry.Hub.Coverage.Edges;

/// <summary>The edges, and what each name that a caller's spans use for a callee turned out to be.</summary>
/// <param name="Peers">By the id of the service that calls and the words of its spans.</param>
internal sealed record ResolvedEdges(IReadOnlyList<EdgeRow> Rows, IReadOnlyDictionary<(string Caller, PeerKey Peer), EdgeNode> Peers)
{
    public static readonly ResolvedEdges None = new([], new Dictionary<(string, PeerKey), EdgeNode>());
}
