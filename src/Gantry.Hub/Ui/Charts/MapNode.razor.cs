using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Charts;

/// <summary>One node of the map: a cylinder that stands for a database, one that lies for a queue, a box for the rest.</summary>
public sealed partial class MapNode
{
    private const int H = NeighbourDrawing.NodeHeight;

    [Parameter, EditorRequired]
    public DrawnNode Node { get; set; } = null!;

    private int Middle => Node.X + (Node.Width / 2);

    // Below the rim of a cylinder that stands.
    private int Down => Node.Shape == "database" ? 4 : 0;

    private int NameY => (Node.Figure.Length > 0 ? Node.Middle - 3 : Node.Middle + 5) + Down;

    private int FigureY => Node.Middle + 12 + Down;

    private string Outline
    {
        get
        {
            var (x, y, w) = (Node.X, Node.Y, Node.Width);
            return Node.Shape switch
            {
                "database" => Text($"M{x} {y + 5}a{w / 2} 5 0 0 1 {w} 0v{H - 10}a{w / 2} 5 0 0 1 {-w} 0ZM{x} {y + 5}a{w / 2} 5 0 0 0 {w} 0"),
                "queue" => Text($"M{x + 8} {y}h{w - 16}a8 {H / 2} 0 0 1 0 {H}h{16 - w}a8 {H / 2} 0 0 1 0 {-H}ZM{x + w - 8} {y}a8 {H / 2} 0 0 0 0 {H}"),
                _ => Text($"M{x + 6} {y}h{w - 12}a6 6 0 0 1 6 6v{H - 12}a6 6 0 0 1 -6 6h{12 - w}a6 6 0 0 1 -6 -6v{12 - H}a6 6 0 0 1 6 -6Z"),
            };
        }
    }

    private static string Text(FormattableString path) => path.ToString(CultureInfo.InvariantCulture);
}
