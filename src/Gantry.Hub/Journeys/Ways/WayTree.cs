using Gantry.Hub.Journeys.Links;
using Gantry.Hub.Observations;
using Gantry.Hub.Observations.Traces;

namespace Gantry.Hub.Journeys.Ways;

/// <summary>A place of a way, with how often requests come by. Guarded by the lock of <see cref="WayBook"/>.</summary>
internal sealed class WayNode(Station station, double before)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    // Requests before the first that came by; they fade as those since do.
    private double _before = before;

    public Station Station { get; } = station;

    public Dictionary<Station, WayNode> Children { get; } = [];

    /// <summary>Visits, the older ones weigh less.</summary>
    public double Visits { get; set; }

    public long LastOrdinal { get; set; }

    public DateTimeOffset LastSeen { get; set; }

    /// <summary>Who called last, and what it called this.</summary>
    public (ServiceState Caller, PeerKey Peer)? Via { get; set; }

    /// <summary>Visits by request since the first one.</summary>
    public double ShareOf(WayTree tree) => Visits / Math.Max(1, tree.Requests - _before);

    public void Fade() => (Visits, _before) = (Visits / 2, _before / 2);

    /// <summary>So many requests went elsewhere since that it would hardly be chance; see <see cref="Streak"/>. Half a minute at least: while somebody on the way is
    /// restarted, all requests end before him.</summary>
    public bool IsGone(WayTree tree) => tree.Root.LastSeen - LastSeen > Pause && Math.Pow(1 - Math.Min(0.999, ShareOf(tree)), tree.Ordinal - LastOrdinal) < Streak.Chance;
}

/// <summary>The ways of all requests that enter by one operation of one service.</summary>
internal sealed class WayTree(ServiceState service, string operation)
{
    public const int MaxNodes = 200;

    // Then everything that was counted weighs half: the way of an hour ago is not the way of now.
    private const double Halved = 1000;

    public ServiceState Service { get; } = service;

    public string Operation { get; } = operation;

    public WayNode Root { get; } = new(new Station(StationType.Service, service, operation, null), 0);

    public int Nodes { get; private set; } = 1;

    /// <summary>Number of the newest request.</summary>
    public long Ordinal { get; private set; }

    /// <summary>Requests, the older ones weigh less.</summary>
    public double Requests { get; private set; }

    public void Count(WayVisit visit, DateTimeOffset at)
    {
        Ordinal++;
        Requests++;
        var nodes = new WayNode?[visit.Steps.Count];
        for (var i = 0; i < nodes.Length; i++)
        {
            var step = visit.Steps[i];
            nodes[i] = step.Parent < 0 ? Root : nodes[step.Parent] is { } parent ? ChildOf(parent, step.Station) : null;
            if (nodes[i] is not { } node)
            {
                continue;
            }

            node.Visits++;
            node.LastOrdinal = Ordinal;
            node.LastSeen = at;
            node.Via = step is { Caller: { } caller, Via: { } via } ? (caller, via) : node.Via;
        }

        if (Requests >= Halved)
        {
            Requests /= 2;
            Fade(Root);
        }
    }

    private WayNode? ChildOf(WayNode parent, Station station)
    {
        if (!parent.Children.TryGetValue(station, out var child) && Nodes < MaxNodes)
        {
            parent.Children.Add(station, child = new WayNode(station, Requests - 1));
            Nodes++;
        }

        return child;
    }

    /// <summary>Halves, and lets go of what nobody comes by any more.</summary>
    private void Fade(WayNode node)
    {
        node.Fade();
        foreach (var (station, child) in node.Children.ToList())
        {
            if (child.Visits < 1 && child.IsGone(this))
            {
                Nodes -= SizeOf(child);
                node.Children.Remove(station);
            }
            else
            {
                Fade(child);
            }
        }
    }

    private static int SizeOf(WayNode node) => 1 + node.Children.Values.Sum(SizeOf);
}
