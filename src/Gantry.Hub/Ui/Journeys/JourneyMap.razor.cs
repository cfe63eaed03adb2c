using Gantry.Hub.Journeys;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>The map of one journey as SVG, told in words to a screen reader.</summary>
public sealed partial class JourneyMap
{
    private const string Key =
        "A line's width is its share of the requests. Red and dashed with a cross: the trace is lost there. A filled box sends nothing; a dashed one was never met, or went silent; a pipe is a queue, a cylinder a database. Figures are calls a second, errors and p95 of the operation.";

    [Parameter, EditorRequired]
    public JourneyRow Row { get; set; } = null!;

    private JourneyDrawing Drawing { get; set; } = null!;

    protected override void OnParametersSet() => Drawing = JourneyDrawing.Of(Row);

    private static string Cross(MapLink link) => FormattableString.Invariant($"M{link.Mark.X - 3.5} {link.Mark.Y - 3.5}l7 7m0 -7l-7 7");
}
