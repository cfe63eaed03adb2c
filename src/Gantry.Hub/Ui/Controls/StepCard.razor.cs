using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Steps;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>The one obvious thing to do next.</summary>
public sealed partial class StepCard
{
    [Parameter, EditorRequired]
    public Step Step { get; set; } = null!;

    /// <summary>The same with what it gains and costs, and the page that plans it; null where nobody ranked it.</summary>
    [Parameter]
    public StepRow? Of { get; set; }

    /// <summary>The journey that is looked at; null for any.</summary>
    [Parameter]
    public string? Journey { get; set; }

    [Parameter]
    public string Heading { get; set; } = "Next step";

    [Inject]
    private UiContext Context { get; set; } = null!;
}
