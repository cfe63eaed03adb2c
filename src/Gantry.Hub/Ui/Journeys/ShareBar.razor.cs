using System.Globalization;
using Gantry.Hub.Journeys;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>A share with the interval that holds for all, as a bar and in figures.</summary>
public sealed partial class ShareBar
{
    private const int Width = 64;

    [Parameter, EditorRequired]
    public ShareEstimate? Of { get; set; }

    [Parameter]
    public bool WithInterval { get; set; }

    private static string X(double share) => (Math.Clamp(share, 0, 1) * Width).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Interval(ShareEstimate of) => $"M{X(of.Low)} 0v10M{X(of.Low)} 5H{X(of.High)}M{X(of.High)} 0v10";
}
