using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys.Breaks;
using Gantry.Hub.Journeys.Ways;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Journeys.Hops;

/// <summary>
/// Draws the way of a journey from what its requests met: names become services, calls that nobody continued become the link that breaks, and behind such a link the
/// way goes on with the traces that begin there, so that a journey is seen whole also where its traces are not. The lock of <see cref="WayBook"/> is held.
/// </summary>
/// <param name="trees">By the row of the service that they enter.</param>
internal sealed class HopBuilder(ILookup<string, WayTree> trees, ServicesById services, PeersNow peers, FoundBreaks breaks)
{
    public const int MaxHops = 200;

    private readonly HashSet<string> _continued = [];
    private int _count = 1;

    /// <param name="trees">Of the entry; one, or one for each operation.</param>
    public HopDraft? Build_NeedsLock(IReadOnlyList<WayTree> own, string operation)
    {
        var requests = own.Sum(tree => tree.Requests);
        if (own.Count == 0 || requests <= 0 || services.Find(own[0].Service.Id) is not { } row)
        {
            return null;
        }

        var root = new HopDraft(null, End(row), operation) { Row = row, State = own[0].Service, Share = 1, LastSeen = own.Max(tree => tree.Root.LastSeen) };
        _continued.Add(row.Id);
        foreach (var tree in own)
        {
            Children(root, tree, tree.Root, tree.Requests / requests);
        }

        return root;
    }

    private void Children(HopDraft parent, WayTree tree, WayNode node, double weight)
    {
        foreach (var child in node.Children.Values.Where(child => !child.IsGone(tree)).OrderByDescending(child => child.Visits))
        {
            var share = child.ShareOf(tree) * weight;
            var hop = HopOf(parent, child, share);
            if (hop is null)
            {
                continue;
            }

            Children(hop, tree, child, weight);
            if (hop.Break.Length > 0 && hop.Row is { } row && hop.Children.Count == 0)
            {
                Continue(hop, row, share);
            }
        }
    }

    private HopDraft? HopOf(HopDraft parent, WayNode node, double share)
    {
        var broken = node.Via is { } via ? breaks.ByLink.GetValueOrDefault((via.Caller.Id, via.Peer), "") : "";
        var (end, row, state, operation) = node.Station switch
        {
            { Service: { } service } => services.Find(service.Id) is { } known ? (End(known), known, service, node.Station.Operation) : (new HopEnd(service.Id, service.Key.Name, "service", null), (ServiceRow?)null, service, node.Station.Operation),
            { Peer: { } peer } when node.Via is { } from => Outside(from.Caller, peer),
            _ => (null!, null, null, ""),
        };
        if (end is null)
        {
            return null;
        }

        // One service that is met both with and without its spans is one hop, and its link is broken.
        var known0 = parent.Children.Find(other => other.End.Id == end.Id && (other.Operation == operation || operation.Length == 0 || other.Operation.Length == 0));
        if (known0 is null)
        {
            if (_count >= MaxHops)
            {
                return null;
            }

            _count++;
            parent.Children.Add(known0 = new HopDraft(parent, end, operation) { Row = row, State = state });
        }

        known0.Share += share;
        known0.Break = node.Station.Type == StationType.Service && parent.End.Type == "queue" ? parent.Break : broken.Length > 0 ? broken : known0.Break;
        known0.LastSeen = known0.LastSeen is null || node.LastSeen > known0.LastSeen ? node.LastSeen : known0.LastSeen;
        return known0;
    }

    private (HopEnd, ServiceRow?, ServiceState?, string) Outside(ServiceState caller, PeerKey peer)
    {
        var node = peers.NodeOf(caller.Id, peer);
        if (node is { Type: "service", ServiceId: { } id } && services.Find(id) is { } row)
        {
            return (End(row), row, null, "");
        }

        return node is null
            ? (new HopEnd($"peer:{peer}", peer.Name.Length > 0 ? peer.Name : peer.Address, TypeOf(peer), null), null, null, "")
            : (new HopEnd(node.Id, node.Name, node.Type, null), null, null, "");
    }

    /// <summary>Behind a link that loses its trace, the traces that begin at the other side; of a queue, at who reads it.</summary>
    private void Continue(HopDraft hop, ServiceRow row, double share)
    {
        if (!_continued.Add(row.Id))
        {
            return;
        }

        var begun = trees[row.Id].OrderByDescending(tree => tree.Requests).ToList();
        var requests = begun.Sum(tree => tree.Requests);
        if (requests <= 0)
        {
            return;
        }

        hop.Operation = hop.Operation.Length > 0 ? hop.Operation : begun[0].Operation;
        hop.State ??= begun[0].Service;
        foreach (var tree in begun)
        {
            Children(hop, tree, tree.Root, share * tree.Requests / requests);
        }
    }

    /// <summary>Puts who reads a queue behind it, where its messages lose their trace.</summary>
    public void AddReaders_NeedsLock(HopDraft root)
    {
        foreach (var queue in root.All.Where(hop => hop is { End.Type: "queue", Break.Length: > 0 }).ToList())
        {
            var found = breaks.Find(queue.Break);
            if (found?.To.ServiceId is not { } id || services.Find(id) is not { } row || queue.Children.Exists(child => child.End.Id == id))
            {
                queue.Break = queue.Children.Count > 0 ? "" : queue.Break;
                continue;
            }

            var state = trees[row.Id].Select(tree => tree.Service).FirstOrDefault();
            var reader = new HopDraft(queue, End(row), "") { Row = row, State = state, Share = queue.Share, Break = queue.Break, LastSeen = row.LastSeen };
            queue.Children.Add(reader);
            // The message reaches the queue; what is lost is lost behind it.
            queue.Break = "";
            Continue(reader, row, queue.Share);
        }
    }

    private static HopEnd End(ServiceRow row) => new(row.Id, row.Name, "service", row.Id);

    private static string TypeOf(PeerKey peer) => peer.Type switch
    {
        PeerType.Database => "database",
        PeerType.Messaging => "queue",
        PeerType.Rpc => "rpc",
        PeerType.Service => "service",
        _ => "address",
    };
}
