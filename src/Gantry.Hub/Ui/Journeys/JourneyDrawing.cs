using System.Globalization;
using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Journeys;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>A journey as coordinates: the entry left, each call one column further right, branches below each other.</summary>
/// <remarks>
/// <code>
///  column 0            column 1            column 2
///  ┌──────────┐        ┌──────────┐        (==  queue ==)     a parent stands in the middle of its children; a leaf takes a row
///  │  entry   │───┬───►│ service  │──────► ( ══════════ )
///  └──────────┘   │    └──────────┘
///                 │    ┌──────────┐
///                 └─✕─►│  dark    │   a link that loses the trace is red, dashed, and has a mark
///                      └──────────┘
///                      ( +12 more )   what has neither a break nor much of the requests, when there are more than MostNodes
/// </code>
/// </remarks>
public sealed record JourneyDrawing(int Width, int Height, IReadOnlyList<MapStation> Stations, IReadOnlyList<MapLink> Links, string Title, string Description)
{
    public const int NodeWidth = 196;
    public const int NodeHeight = 46;

    /// <summary>More than this cannot be taken in at a glance.</summary>
    public const int MostNodes = 26;

    private const int Gap = 60;
    private const int RowHeight = 60;
    private const int Margin = 8;

    // As many letters as fit beside the rung in the widest of our typefaces.
    private const int MaxName = 17;

    public static JourneyDrawing Of(JourneyRow journey)
    {
        var tree = new HopTree(journey);
        var shown = tree.Choose(MostNodes);
        var stations = new List<MapStation>();
        var links = new List<MapLink>();
        var breaks = journey.Breaks.ToDictionary(row => row.Id);
        var (row, deepest) = (0, 0);
        foreach (var root in tree.Roots)
        {
            Place(root, 0);
        }

        return new JourneyDrawing(
            (2 * Margin) + ((deepest + 1) * (NodeWidth + Gap)) - Gap, (2 * Margin) + (Math.Max(row, 1) * RowHeight) - (RowHeight - NodeHeight), stations, links, $"The way of {journey.Title}", Describe(journey));

        // Returns the middle of the station.
        int Place(HopRow hop, int depth)
        {
            deepest = Math.Max(deepest, depth);
            var children = tree.ChildrenOf(hop.Id);
            var visible = children.Where(child => shown.Contains(child.Id)).ToList();
            var hidden = children.Count - visible.Count == 0 ? [] : children.Where(child => !shown.Contains(child.Id)).SelectMany(tree.Under).ToList();
            var x = Margin + (depth * (NodeWidth + Gap));
            if (visible.Count + hidden.Count == 0)
            {
                return Add(hop, x, Margin + (row++ * RowHeight));
            }

            var middles = visible.Select(child => (Child: child, Y: Place(child, depth + 1))).ToList();
            var fold = hidden.Count == 0 ? (int?)null : Margin + (row++ * RowHeight);
            var top = middles.Count > 0 ? middles[0].Y : fold!.Value + (NodeHeight / 2);
            var bottom = fold is { } folded ? folded + (NodeHeight / 2) : middles[^1].Y;
            var middle = Add(hop, x, ((top + bottom) / 2) - (NodeHeight / 2));
            var next = x + NodeWidth + Gap;
            foreach (var (child, y) in middles)
            {
                links.Add(MapLink.Of(x + NodeWidth, middle, next, y, child, breaks.GetValueOrDefault(child.Break)));
            }

            if (fold is { } at)
            {
                deepest = Math.Max(deepest, depth + 1);
                var broken = hidden.Count(item => item.Break.Length > 0);
                stations.Add(new MapStation("fold-" + hop.Id, next, at, "fold", $"+{hidden.Count} more", broken > 0 ? $"{broken} of them broken, below" : hidden.All(item => item.State == "live") ? "all whole, in the table below" : "no break known, in the table", "", 0,
                    $"{hidden.Count} further stations: {string.Join(", ", hidden.Take(20).Select(item => item.End.Name))}", null));
                links.Add(MapLink.Plain(x + NodeWidth, middle, next, at + (NodeHeight / 2)));
            }

            return middle;
        }

        int Add(HopRow hop, int x, int y)
        {
            stations.Add(new MapStation(
                hop.Id, x, y, ShapeOf(hop), Short(hop.End.Name), Figure(hop), ShareOf(hop), hop.Rung, Told(hop), hop.End.ServiceId is { } id ? Ui.Links.Service(id) : null));
            return y + (NodeHeight / 2);
        }
    }

    private static string ShapeOf(HopRow hop) => (hop.State, hop.End.Type) switch
    {
        (_, "queue") => "queue",
        ("outside", "database") => "database",
        ("outside", _) => "outside",
        ("dark", _) => "dark",
        ("unseen", _) => "unseen",
        ("stale", _) => "stale",
        _ => "live",
    };

    private static string Figure(HopRow hop) => hop.State switch
    {
        "live" or "stale" when hop.Red is { } red => $"{Figures.PerSecond(red.Rate)} · {Figures.Share(red.ErrorShare)} · {Figures.Percentile(red.P95)}",
        _ => JourneyText.State(hop),
    };

    private static string ShareOf(HopRow hop) => hop.Share switch
    {
        > 1.05 => $"{hop.Share.ToString("0.#", CultureInfo.InvariantCulture)}×",
        > 0 and < 0.995 => StepWords.Percent(hop.Share),
        _ => "",
    };

    private static string Told(HopRow hop) =>
        $"{hop.End.Name}{(hop.Operation.Length > 0 ? $", {hop.Operation}" : "")}: {JourneyText.State(hop)}{(hop.Rung > 0 ? $", rung {hop.Rung} {Words.Rung(hop.Rung)}" : "")}, {StepWords.Percent(hop.Share)} of the requests";

    private static string Describe(JourneyRow journey)
    {
        var broken = journey.Hops.Where(hop => hop.Break.Length > 0).Select(hop => hop.End.Name).Distinct().ToList();
        return $"{journey.Hops.Count} stations, beginning at {journey.Entry.Name}. {(broken.Count == 0 ? "No link is known to lose the trace." : $"The trace is lost on the way to {string.Join(", ", broken)}.")} The table below has every station.";
    }

    private static string Short(string name) => name.Length <= MaxName ? name : string.Concat(name.AsSpan(0, MaxName - 1), "…");
}

/// <param name="Shape">"live", "stale", "dark", "unseen", "queue", "database", "outside" or "fold".</param>
/// <param name="Share">Of the requests; "" where it is all of them.</param>
/// <param name="Rung">0 for what is no service.</param>
/// <param name="Told">All of it in words, for a tooltip.</param>
public sealed record MapStation(string Id, int X, int Y, string Shape, string Name, string Figure, string Share, int Rung, string Told, string? Href)
{
    public int Middle => Y + (JourneyDrawing.NodeHeight / 2);
}

/// <param name="Weight">Width of the line in pixels: the share of the requests.</param>
/// <param name="Break">Id of the break; "" for a whole link.</param>
/// <param name="Mark">Where the mark of a break stands.</param>
public sealed record MapLink(string Path, string Head, string Weight, string Break, string Told, (int X, int Y) Mark)
{
    public static MapLink Of(int fromX, int fromY, int toX, int toY, HopRow to, BreakRow? broken)
    {
        var link = Plain(fromX, fromY, toX, toY);
        return link with
        {
            Weight = (1.2 + (4.3 * Math.Clamp(to.Share, 0, 1))).ToString("0.#", CultureInfo.InvariantCulture),
            Break = to.Break,
            Told = broken?.Title ?? (to.Break.Length > 0 ? "The trace is lost here" : ""),
            Mark = (At(fromX, fromX + ((toX - fromX) / 2), toX - ((toX - fromX) / 2), toX), At(fromY, fromY, toY, toY)),
        };
    }

    public static MapLink Plain(int fromX, int fromY, int toX, int toY)
    {
        var bend = (toX - fromX) / 2;
        return new MapLink(
            string.Create(CultureInfo.InvariantCulture, $"M{fromX} {fromY}C{fromX + bend} {fromY} {toX - bend} {toY} {toX - 7} {toY}"),
            string.Create(CultureInfo.InvariantCulture, $"M{toX} {toY}l-9 -4.5v9Z"),
            "1.2", "", "", (0, 0));
    }

    /// <summary>On the curve, nearer to its end: where a link has left the others that begin with it.</summary>
    private static int At(int a, int b, int c, int d)
    {
        const double T = 0.62;
        const double U = 1 - T;
        return (int)Math.Round((U * U * U * a) + (3 * U * U * T * b) + (3 * U * T * T * c) + (T * T * T * d));
    }
}
