using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

public sealed partial class RangeTabs
{
    [Parameter, EditorRequired]
    public ChartRange Range { get; set; } = null!;

    [Parameter, EditorRequired]
    public Func<ChartRange, string> Url { get; set; } = null!;
}
