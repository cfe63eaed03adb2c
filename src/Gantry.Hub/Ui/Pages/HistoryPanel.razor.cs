using Gantry.Hub.Coverage.Changes;
using Gantry.Hub.Ui.Charts;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Where did it stand, what changed, and what was lost?</summary>
public sealed partial class HistoryPanel
{
    private const int MaxChanges = 15;

    private const int MaxRead = 500;

    private IReadOnlyList<ChangeRow> _changes = [];

    private IReadOnlyList<RegressionRow> _regressions = [];

    private RungDrawing? _drawing;

    /// <summary>Id of a service or host.</summary>
    [Parameter, EditorRequired]
    public string Id { get; set; } = "";

    [Parameter, EditorRequired]
    public int Rung { get; set; }

    [Parameter, EditorRequired]
    public int Highest { get; set; }

    [Inject]
    private UiContext Context { get; set; } = null!;

    [Inject]
    private IServiceProvider Services { get; set; } = null!;

    protected override void OnParametersSet()
    {
        _changes = Services.GetService<ChangeQueries>()?.Since(Context.Now - TimeSpan.FromDays(30), Id, MaxRead) ?? [];
        _regressions = [.. (Services.GetService<RegressionBoard>()?.Current ?? []).Where(row => row.SubjectId == Id)];
        _drawing = RungDrawing.Of([.. _changes.Where(change => change.Kind == ChangeKinds.Rung).Reverse()], Rung, Highest, Context.Now);
    }

    private static string Named(ChangeRow change) => change.Subject == "host" ? $"{change.SubjectName}: {change.Text}" : change.Text;
}
