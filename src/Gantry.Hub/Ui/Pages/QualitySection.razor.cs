using Gantry.Hub.Quality;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>How good is the telemetry of this service, what is worst about it, and what puts that right? A live region of its own.</summary>
public sealed partial class QualitySection
{
    private ScoreDetail? _detail;

    private IReadOnlyList<RuleRow> _failed = [];

    private IReadOnlyList<RuleRow> _open = [];

    private IReadOnlyList<RuleRow> _passed = [];

    [Parameter, EditorRequired]
    public string ServiceId { get; set; } = "";

    [Inject]
    private ScoreQueries Scores { get; set; } = null!;

    protected override void OnParametersSet()
    {
        // By id only: a dark process may be called like a service that sends.
        _detail = Scores.Find(ServiceId) is { } found && found.Score.ServiceId == ServiceId ? found : null;
        IReadOnlyList<RuleRow> Of(string state) => [.. (_detail?.Rules ?? []).Where(rule => rule.State == state)];
        (_failed, _open, _passed) = (Of("failed"), Of("not-judged"), Of("passed"));
    }

    private static string Verdict(ScoreRow score)
    {
        var range = score.Judged < score.Rules
            ? $" It may not be complete: with the other {score.Rules - score.Judged} it would be between {Figures.Number(Math.Round(score.Lowest ?? 0))} and {Figures.Number(Math.Round(score.Highest ?? 100))}."
            : "";
        var day = score.LastDay is { } today ? $" By what came within the last day alone it is {Figures.Number(Math.Round(today, 1))}." : "";
        return $"{score.Judged} of {score.Rules} official rules could be judged.{range}{day}";
    }

    private static string StateOf(string band) => band switch
    {
        "Excellent" or "Good" => "healthy",
        "Needs Improvement" => "medium",
        _ => "high",
    };

    private static string WordOf(string state) => state switch
    {
        "passed" => "healthy",
        "failed" => "failed",
        _ => "none",
    };
}
