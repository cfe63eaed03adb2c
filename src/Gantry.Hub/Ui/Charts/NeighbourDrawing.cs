using System.Globalization;
using Gantry.Estate.Ladder;
using Gantry.Hub.Coverage;

namespace Gantry.Hub.Ui.Charts;

/// <summary>Who stands around one service, as coordinates: callers left, the service in the middle, callees right.</summary>
/// <remarks>
/// <code>
///  x=0        Side        Middle      Middle+Self       Width-Side     Width
///  ┌──────────┐                                          ┌──────────────┐
///  │ caller   │──────╮                             ╭─────│ callee       │   one row each, RowHeight apart; the shorter side
///  └──────────┘      ╰──────►┌───────────┐─────────╯     └──────────────┘   stands in the middle of the longer
///  ┌──────────┐      ╭──────►│  service  │─────────╮     (  database    )
///  │ caller   │──────╯       └───────────┘         ╰─────(==  queue  ==)
///  └──────────┘
/// </code>
/// </remarks>
public sealed record NeighbourDrawing(
    int Height, DrawnNode Self, IReadOnlyList<DrawnNode> Others, IReadOnlyList<DrawnEdge> Edges, IReadOnlyList<(int X, int Y, string Text)> Notes, string Title, string Description)
{
    public const int Width = 760;
    public const int NodeHeight = 42;

    private const int RowHeight = 56;
    private const int Margin = 6;
    private const int Side = 232;
    private const int SelfWidth = 168;

    /// <summary>More than this on a side is a list, which stands below.</summary>
    private const int MaxOnASide = 8;

    // As many letters as fit a node in the widest of our typefaces.
    private const int MaxName = 27;
    private const int MaxSelf = 19;
    private const double BadShare = 0.05;

    /// <param name="callers">Most called first; so are <paramref name="calls"/>.</param>
    /// <returns>Null when there is nobody to draw.</returns>
    public static NeighbourDrawing? Of(ServiceRow service, IReadOnlyList<EdgeRow> callers, IReadOnlyList<EdgeRow> calls, DateTimeOffset now)
    {
        if (callers.Count + calls.Count == 0)
        {
            return null;
        }

        var rows = Math.Max(RowsOf(callers), RowsOf(calls));
        var height = (Math.Max(rows, 1) * RowHeight) - (RowHeight - NodeHeight) + (2 * Margin);
        var self = new DrawnNode((Width - SelfWidth) / 2, (height - NodeHeight) / 2, SelfWidth, Short(service.Name, MaxSelf), service.Name, "", "service", null);
        var others = new List<DrawnNode>();
        var edges = new List<DrawnEdge>();
        var notes = new List<(int X, int Y, string Text)>();
        Place(callers, 1, edge => edge.Caller, (node, edge) => Arrow(node.X + node.Width, node.Middle, self.X, self.Middle, edge, now));
        Place(calls, Width - Side - 1, edge => edge.Callee, (node, edge) => Arrow(self.X + self.Width, self.Middle, node.X, node.Middle, edge, now));
        return new NeighbourDrawing(height, self, others, edges, notes, $"Neighbourhood of {service.Name}", Describe(service, callers, calls));

        void Place(IReadOnlyList<EdgeRow> all, int x, Func<EdgeRow, EdgeNode> nodeOf, Func<DrawnNode, EdgeRow, DrawnEdge> join)
        {
            var top = Margin + ((rows - RowsOf(all)) * RowHeight / 2);
            foreach (var edge in all.Take(MaxOnASide))
            {
                var node = nodeOf(edge);
                var drawn = new DrawnNode(x, top, Side, Short(node.Name, MaxName), node.Name, Figure(edge), ShapeOf(node), node.ServiceId is { } id ? Links.Service(id) : null);
                others.Add(drawn);
                edges.Add(join(drawn, edge));
                top += RowHeight;
            }

            if (all.Count > MaxOnASide)
            {
                notes.Add((x + (Side / 2), top + (NodeHeight / 2) + 4, $"and {Figures.Count(all.Count - MaxOnASide)} more, below"));
            }
        }
    }

    private static int RowsOf(IReadOnlyList<EdgeRow> edges) => Math.Min(edges.Count, MaxOnASide + 1);

    private static DrawnEdge Arrow(int fromX, int fromY, int toX, int toY, EdgeRow edge, DateTimeOffset now)
    {
        var bend = (toX - fromX) / 2;
        var css = edge.Red?.ErrorShare >= BadShare ? "edge-bad" : now - edge.LastSeen > Ladder.FreshFor ? "edge-old" : "edge-fresh";
        return new DrawnEdge(
            string.Create(CultureInfo.InvariantCulture, $"M{fromX} {fromY}C{fromX + bend} {fromY} {toX - bend} {toY} {toX - 6} {toY}"),
            string.Create(CultureInfo.InvariantCulture, $"M{toX} {toY}l-8 -4v8Z"),
            css);
    }

    private static string ShapeOf(EdgeNode node) => (node.Type, node.ServiceId) switch
    {
        ("database" or "queue", _) => node.Type,
        ("service", not null) => "service",
        _ => "open",
    };

    private static string Figure(EdgeRow edge) => edge.Red is not { } red
        ? edge.Calls > 0 ? "no call in five minutes" : "seen in a trace"
        : $"{Figures.PerSecond(red.Rate)} · {Figures.Share(red.ErrorShare)} · {Figures.Percentile(red.P95)}";

    private static string Describe(ServiceRow service, IReadOnlyList<EdgeRow> callers, IReadOnlyList<EdgeRow> calls)
    {
        return $"{service.Name} is called by {List(callers, edge => edge.Caller)}. It calls {List(calls, edge => edge.Callee)}. The tables below have the figures.";

        static string List(IReadOnlyList<EdgeRow> edges, Func<EdgeRow, EdgeNode> nodeOf) => edges.Count == 0
            ? "nobody that is known"
            : string.Join(", ", edges.Take(MaxOnASide).Select(nodeOf).Select(node => node.Type == "service" ? node.Name : $"{node.Type} {node.Name}"))
                + (edges.Count > MaxOnASide ? $" and {Figures.Count(edges.Count - MaxOnASide)} more" : "");
    }

    private static string Short(string name, int length) => name.Length <= length ? name : string.Concat(name.AsSpan(0, length - 1), "…");
}

/// <param name="Figure">Rate, errors and p95 of the edge; "" for the service itself.</param>
/// <param name="Shape">"service", "database", "queue" or "open": what no service is known to be.</param>
public sealed record DrawnNode(int X, int Y, int Width, string Name, string FullName, string Figure, string Shape, string? Href)
{
    public int Middle => Y + (NeighbourDrawing.NodeHeight / 2);
}

/// <param name="Head">The arrow's head, where the callee is.</param>
public sealed record DrawnEdge(string Path, string Head, string Css);
