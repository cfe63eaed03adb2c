using Gantry.Estate.Instrumentation;
using Gantry.Hub.Access;
using Gantry.Hub.Storage;
using Gantry.Hub.Ui.Lists;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Who did what, to which resource, from where, and who was refused? For operators and admins, as in the API.</summary>
public sealed partial class AuditPage
{
    private IReadOnlyList<AuditRow> _rows = [];

    /// <summary>Sequence below which the next page begins; 0 where there is none.</summary>
    private long _older;

    [Parameter, EditorRequired]
    public AuditState State { get; set; } = null!;

    [Inject]
    private IServiceProvider Services { get; set; } = null!;

    private bool IsWhole => State == new AuditState(new ListState(), 0);

    protected override void OnParametersSet()
    {
        // One more than is shown says whether there is another page.
        var rows = AuditTable.Read(Services.GetRequiredService<HubDatabase>(), AuditState.PageSize + 1, State.Before, State.Whats, State.List.Query);
        _rows = [.. rows.Take(AuditState.PageSize)];
        _older = rows.Count > AuditState.PageSize ? _rows[^1].Sequence : 0;
    }

    private static bool WasRefused(AuditRow row) => row.What == AuditTable.Denied;

    private string To(string show) => Links.AuditOf(new AuditState(State.List with { Show = show }, 0));

    /// <summary>The page of what a line is about; null where there is none, or none any more.</summary>
    private static string? LinkOf(AuditRow row) => (row.What, row.Resource.IndexOf('/', StringComparison.Ordinal)) switch
    {
        (AuditTable.Denied or "delete" or "request", _) or (_, < 0) => null,
        (_, var slash) => (row.Resource[..slash], row.Resource[(slash + 1)..]) switch
        {
            ("Pipeline", var name) => Links.Pipeline(name),
            ("Instrumentation", var name) => Links.Document(InstrumentationReader.Kind, name),
            ("Agent", var id) => Links.Agent(id),
            ("SamplingPolicy", _) => Links.Sampling,
            _ => null,
        },
    };
}
