using System.Globalization;
using Gantry.Estate.Ladder;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Charts;

/// <summary>Lines over time as SVG: no script needed, sharp when printed, and told in words to a screen reader.</summary>
public sealed partial class Chart
{
    private ChartDrawing _drawing = null!;

    [Parameter, EditorRequired]
    public ChartSpec Spec { get; set; } = null!;

    private string TitleId => Spec.Id + "-title";

    private string DescriptionId => Spec.Id + "-desc";

    protected override void OnParametersSet() => _drawing = ChartDrawing.Of(Spec);

    /// <summary>A last value that is no longer believed says how old it is.</summary>
    private bool Old(Line line) => !Spec.GoesBeyondNow && line.LastAt is { } at && Spec.To - at > Ladder.FreshFor + Spec.Step;

    /// <summary>What the readout under the pointer needs: x in drawing units, values as they are.</summary>
    private string Xs => string.Join(' ', Spec.Times.Select(at =>
        Math.Round((at - Spec.From) / (Spec.To - Spec.From) * ChartDrawing.Width).ToString(CultureInfo.InvariantCulture)));

    private string Ys => string.Join('|', Spec.Series.Select(series => string.Join(' ', series.Values.Select(value =>
        value is { } number && double.IsFinite(number) ? number.ToString("G4", CultureInfo.InvariantCulture) : "-"))));

    private string Names => string.Join('|', Spec.Series.Select(series => series.Name));

    /// <summary>No failure at all is no alarm: it is drawn without the colour of one.</summary>
    private static string Css(Line line) => line is { Style: LineStyle.Bad, Max: null or 0 } ? "line-calm" : Css(line.Style);

    private static string Css(LineStyle style) => style switch
    {
        LineStyle.Main => "line-main",
        LineStyle.Second => "line-second",
        LineStyle.Third => "line-third",
        _ => "line-bad",
    };

    private static bool HasArea(LineStyle style) => style is LineStyle.Main or LineStyle.Bad;

    private string At(ChartMark mark) => ((mark.At - Spec.From) / (Spec.To - Spec.From) * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
