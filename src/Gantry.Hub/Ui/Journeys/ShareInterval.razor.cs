using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Journeys;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>How sure a share is: its interval, how many were looked at of how many, and how old the newest is.</summary>
public sealed partial class ShareInterval
{
    [Parameter, EditorRequired]
    public ShareEstimate Of { get; set; } = null!;

    // Of what was looked at as a whole, nothing is left to be unsure of.
    private string Text => Of.Low == Of.High ? $"all {Figures.Count(Of.Chosen)} looked at," : $"{StepWords.Percent(Of.Low).Replace(" %", "", StringComparison.Ordinal)}–{StepWords.Percent(Of.High)}, {Figures.Count(Of.Chosen)} looked at of {Figures.Count(Of.Of)},";
}
