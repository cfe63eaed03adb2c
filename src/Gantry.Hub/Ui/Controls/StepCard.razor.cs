using Gantry.Hub.Coverage;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>The one obvious thing to do next.</summary>
public sealed partial class StepCard
{
    [Parameter, EditorRequired]
    public Step Step { get; set; } = null!;

    [Parameter]
    public string Heading { get; set; } = "Next step";

    [Inject]
    private UiContext Context { get; set; } = null!;
}
