using Gantry.Hub.Coverage.Steps;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>One step of a list: what to do, what it gains, what it costs, and what does it.</summary>
public sealed partial class StepItem
{
    [Parameter, EditorRequired]
    public StepRow Of { get; set; } = null!;

    /// <summary>The journey that is looked at; null for any.</summary>
    [Parameter]
    public string? Journey { get; set; }

    /// <summary>Title, gain, cost and command only.</summary>
    [Parameter]
    public bool Short { get; set; }

    [Inject]
    private UiContext Context { get; set; } = null!;
}
