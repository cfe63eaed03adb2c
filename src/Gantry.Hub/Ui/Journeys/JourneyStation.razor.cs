using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>One station of the map: a lying pipe for a queue, a cylinder for a database, a box for the rest.</summary>
public sealed partial class JourneyStation
{
    private const int W = JourneyDrawing.NodeWidth;
    private const int H = JourneyDrawing.NodeHeight;

    [Parameter, EditorRequired]
    public MapStation Of { get; set; } = null!;

    private bool HasRung => Of.Shape is "live" or "stale" or "dark";

    private int TextX => Of.X + (Of.Shape == "queue" ? 18 : 12);

    private int NameX => TextX + (HasRung ? 20 : 0);

    // Left of the mouth of a pipe.
    private int ShareX => Of.X + W - (Of.Shape == "queue" ? 22 : 11);

    // Below the rim of a cylinder that stands.
    private int Down => Of.Shape == "database" ? 5 : 0;

    private int NameY => Of.Middle + Down - (Of.Figure.Length > 0 ? 3 : -5);

    private string RungAt => $"translate({TextX} {Of.Middle - 15})";

    private string Outline
    {
        get
        {
            var (x, y) = (Of.X, Of.Y);
            return Of.Shape switch
            {
                "database" => Text($"M{x} {y + 5}a{W / 2} 5 0 0 1 {W} 0v{H - 10}a{W / 2} 5 0 0 1 {-W} 0ZM{x} {y + 5}a{W / 2} 5 0 0 0 {W} 0"),
                "queue" => Text($"M{x + 8} {y}h{W - 16}a8 {H / 2} 0 0 1 0 {H}h{16 - W}a8 {H / 2} 0 0 1 0 {-H}ZM{x + W - 8} {y}a8 {H / 2} 0 0 0 0 {H}"),
                "fold" => Text($"M{x + 23} {y}h{W - 46}a23 23 0 0 1 0 {H}h{46 - W}a23 23 0 0 1 0 {-H}Z"),
                _ => Text($"M{x + 6} {y}h{W - 12}a6 6 0 0 1 6 6v{H - 12}a6 6 0 0 1 -6 6h{12 - W}a6 6 0 0 1 -6 -6v{12 - H}a6 6 0 0 1 6 -6Z"),
            };
        }
    }

    private static string Text(FormattableString path) => path.ToString(CultureInfo.InvariantCulture);
}
