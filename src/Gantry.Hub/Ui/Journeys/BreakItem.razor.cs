using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Journeys;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>One break: where, why, how one knows, and what mends it.</summary>
public sealed partial class BreakItem
{
    [Parameter, EditorRequired]
    public BreakRow Of { get; set; } = null!;

    /// <summary>The step that closes it; null when none does.</summary>
    [Parameter]
    public StepRow? Step { get; set; }

    private string Command => Of.Command.Length > 0 ? Of.Command : Step?.Command ?? "";
}
