using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>A share as a bar and in figures.</summary>
public sealed partial class Meter
{
    [Parameter, EditorRequired]
    public double? Share { get; set; }

    private string Length =>
        (Share is { } share && double.IsFinite(share) ? Math.Clamp(share, 0, 1) * 40 : 0).ToString("0.#", CultureInfo.InvariantCulture);
}
