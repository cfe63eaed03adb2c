using System.Globalization;
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

    /// <summary>What the readout under the pointer needs: x in drawing units, values as they are.</summary>
    private string Xs => string.Join(' ', Spec.Times.Select(at =>
        Math.Round((at - Spec.From) / (Spec.To - Spec.From) * ChartDrawing.Width).ToString(CultureInfo.InvariantCulture)));

    private string Ys => string.Join('|', Spec.Series.Select(series => string.Join(' ', series.Values.Select(value =>
        value is { } number && double.IsFinite(number) ? number.ToString("G4", CultureInfo.InvariantCulture) : "-"))));

    private string Names => string.Join('|', Spec.Series.Select(series => series.Name));

    private static string Css(LineStyle style) => style switch
    {
        LineStyle.Main => "line-main",
        LineStyle.Second => "line-second",
        LineStyle.Third => "line-third",
        _ => "line-bad",
    };

    private static bool HasArea(LineStyle style) => style is LineStyle.Main or LineStyle.Bad;

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
