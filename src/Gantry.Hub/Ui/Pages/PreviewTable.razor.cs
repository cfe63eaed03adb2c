using Gantry.Hub.Instrument;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Which processes an instrumentation reaches, before it is written and after.</summary>
public sealed partial class PreviewTable
{
    private const int Most = 200;

    [Parameter, EditorRequired]
    public PlanPreview Preview { get; set; } = null!;

    /// <summary>Of a text that was not saved.</summary>
    [Parameter]
    public bool Asked { get; set; }

    private string Summary => Preview.Agents == 0
        ? "No Gantry agent matches: hosts are reached by the matchers of their agents, such as collector.type=gantry."
        : string.Join(' ', new[]
        {
            $"{Words.Plural(Preview.Agents, "host")}.",
            Preview.Silent > 0 ? $"{Words.Plural(Preview.Silent, "of them tells", "of them tell")} no processes now." : "",
            Preview.Restarts > 0 ? $"{Words.Plural(Preview.Restarts, "process", "processes")} must restart before anything acts." : "Nothing has to restart.",
            $"{Words.Plural(Preview.Unmatched, "other process", "other processes")} on the same hosts {(Preview.Unmatched == 1 ? "is" : "are")} not matched.",
        }.Where(part => part.Length > 0));
}
