using Gantry.Hub.Fleet.Views;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Layout;

/// <summary>The whole document around a page.</summary>
public sealed partial class Shell
{
    private static readonly (string Key, string Title)[] Themes =
    [
        (Theme.System, "Colours of my system"),
        (Theme.Light, "Light"),
        (Theme.Dark, "Dark"),
    ];

    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>Key of the menu item that the page belongs to; "" for none.</summary>
    [Parameter]
    public string Section { get; set; } = "";

    /// <summary>The page has live regions.</summary>
    [Parameter]
    public bool Moves { get; set; } = true;

    /// <summary>The menu says how many there are; an error page does not know.</summary>
    [Parameter]
    public bool Counts { get; set; } = true;

    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    [Inject]
    private UiContext Context { get; set; } = null!;

    [Inject]
    private FleetQueries Fleet { get; set; } = null!;

    // A live fragment has no menu, so nothing is counted for it.
    private IEnumerable<(string Key, string Title, string Href, char Shortcut, int? Count)> Items =>
    [
        ("home", "Home", Links.Home, 'h', null),
        ("journeys", "Journeys", Links.Journeys, 'j', CountOf(Context.Snapshot.Journeys)),
        ("services", "Services", Links.Services, 's', CountOf(Context.Snapshot.Services)),
        ("hosts", "Hosts", Links.Hosts, 'o', CountOf(Context.Snapshot.Hosts)),
        ("processes", "Processes", Links.Processes, 'r', Counts ? Context.Snapshot.ProcessCount : null),
        ("findings", "Findings", Links.Findings, 'f', CountOf(Context.Snapshot.Findings)),
        ("agents", "Fleet", Links.Agents, 'a', Counts && !Context.Live ? Fleet.Known : null),
        ("pipelines", "Pipelines", Links.Pipelines, 'p', null),
        ("sampling", "Sampling", Links.Sampling, 'm', CountOf(Context.Snapshot.Sampling.Policies)),
        .. Context.MayAudit ? [("audit", "Audit", Links.Audit, 'u', null)] : Array.Empty<(string, string, string, char, int?)>(),
    ];

    private int? CountOf<T>(IReadOnlyList<T> rows) => Counts ? rows.Count : null;
}
