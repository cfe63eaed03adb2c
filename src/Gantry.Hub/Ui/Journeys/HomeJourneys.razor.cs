using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Journeys;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>On the home page: what comes after the one next step, and how journeys stand.</summary>
public sealed partial class HomeJourneys
{
    private const int Most = 6;

    private const int Steps = 3;

    private IReadOnlyList<StepRow> _steps = [];

    [Inject]
    private UiContext Context { get; set; } = null!;

    // The first has a card of its own.
    protected override void OnParametersSet() => _steps = [.. Context.Snapshot.Steps.All.Take(Steps).Skip(1)];

    /// <summary>That no break is known says something only of a journey that is seen.</summary>
    private static string Breaks(JourneyRow row) => row.Breaks.Count > 0 ? Words.Plural(row.Breaks.Count, "break") : row.State is "whole" or "mending" ? "no break" : Figures.None;
}
