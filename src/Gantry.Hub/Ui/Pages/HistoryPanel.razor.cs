using Gantry.Hub.Coverage.Changes;
using Gantry.Hub.Ui.Charts;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Where did it stand, what changed, and what was lost?</summary>
public sealed partial class HistoryPanel
{
    private const int MaxChanges = 15;

    // Of rungs: far more than a line of this width can show.
    private const int MaxRungs = 1000;

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
        var (changes, since) = (Services.GetService<ChangeQueries>(), Context.Now - TimeSpan.FromDays(30));
        _changes = changes?.Since(since, ChangeFilter.Of(Id), MaxChanges + 1) ?? [];
        _regressions = [.. (Services.GetService<RegressionBoard>()?.Current ?? []).Where(row => row.SubjectId == Id)];
        _drawing = RungDrawing.Of([.. (changes?.Since(since, ChangeFilter.Of(Id) with { Kind = ChangeKinds.Rung }, MaxRungs) ?? []).Reverse()], Rung, Highest, Context.Now);
    }

    private static string Named(ChangeRow change) => change.Subject == "host" ? $"{change.SubjectName}: {change.Text}" : change.Text;
}
