using Gantry.Hub.Quality;
using Gantry.Hub.Quality.Company;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>How good is the telemetry of this service, what is worst about it, and what puts that right? The official score and the company's own stand apart, each in a live region of its own.</summary>
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

    private static string Verdict(CompanyScore score)
    {
        var open = score.Rules - score.Judged;
        var range = score.Judged == 0 ? " So there is no score."
            : open > 0 ? $" With the other {open} it would be between {Figures.Number(Math.Round(score.Lowest ?? 0))} and {Figures.Number(Math.Round(score.Highest ?? 100))}."
            : "";
        return $"{score.Judged} of {score.Rules} own {(score.Rules == 1 ? "rule" : "rules")} could be judged, {score.Failed.Count} failed.{range}";
    }

    private static string StateName(string state) => state switch { "passed" => "Passed", "failed" => "Failed", _ => "Not judged" };

    private static string BadgeOf(string state) => state switch { "passed" => "met", "failed" => "failed", _ => "unknown" };

    private static string StateOf(string band) => band switch
    {
        "Excellent" or "Good" => "healthy",
        "Needs Improvement" => "medium",
        _ => "high",
    };
}
