using Gantry.Estate.Use;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>The small question mark beside a number: what it means and the query that computes it elsewhere. A native popover: keyboard, Esc
/// and focus are the browser's business.</summary>
public sealed partial class Define
{
    [Parameter, EditorRequired]
    public MetricDefinition Of { get; set; } = null!;

    /// <summary>Where on the page, when one definition is offered in several places.</summary>
    [Parameter]
    public string At { get; set; } = "page";

    private string Id => $"def-{At}-{Of.Id.Replace('.', '-')}";

    private string UnitInWords => Of.Unit switch
    {
        "1" => "ratio, shown in %",
        "By/s" => "bytes a second",
        "s" => "seconds",
        "{request}/s" => "requests a second",
        "{error}/s" => "errors a second",
        "×" => "times as fast as allowed",
        "{rung}" => "0 to 4",
        "{event}/s" => "events a second",
        "{packet}/s" => "packets a second",
        _ => Of.Unit,
    };
}
