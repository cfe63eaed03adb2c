using Gantry.Hub.Fleet.Views;

namespace Gantry.Hub.Ui.Lists;

/// <summary>The list of agents. Its rows stay in the fleet, which filters, sorts and cuts; here is only what a URL may ask for.</summary>
internal sealed class FleetList : IListShape
{
    public const int PageSize = 50;

    private static readonly View[] Views =
    [
        new("connected", "Connected", "connected"),
        new("drifted", "Drifted", "drifted"),
        new("failed", "Failed", "failed,rolled-back"),
        new("no-answer", "No answer", "no-answer"),
        new("waiting", "Under way", "pending,offered,applying"),
        new("fallback", "On fallback", "on-fallback")
        {
            Meaning = "Connected, assigned a configuration, and not on the way to it: refused it, went back from it, or past the deadline. By its own word it runs another: the last from here, or one of its own.",
        },
        new("stale", "Stale", "stale"),
        new("gone", "Gone", "gone"),
        new("unhealthy", "Unhealthy", "unhealthy"),
    ];

    public static FleetList Shape { get; } = new();

    public IReadOnlyList<ColumnHead> Heads { get; } =
    [
        new("kind", "Agent", Sortable: true, DescendingFirst: false, "", null),
        new("type", "Kind", Sortable: true, DescendingFirst: false, "wide", null),
        new("state", "State", Sortable: true, DescendingFirst: false, "", null),
        new("config", "Configuration", Sortable: true, DescendingFirst: false, "", null),
        new("health", "Health", Sortable: true, DescendingFirst: false, "", null),
        new("host", "Host", Sortable: true, DescendingFirst: false, "", null),
        new("seen", "Last seen", Sortable: true, DescendingFirst: true, "num", null),
    ];

    public IReadOnlyList<ChipHead> ChipHeads => Views;

    public static ListPage Read(FleetQueries fleet, ListState state)
    {
        var sort = state.Sort.Length == 0 ? "kind" : state.Sort;
        var query = new AgentQuery(state.Query, Views.FirstOrDefault(view => view.Key == state.Show)?.States ?? "", state.Descending ? "-" + sort : sort, state.Page, PageSize);
        var found = fleet.Find(query);
        var pages = Math.Max(1, (found.Total + PageSize - 1) / PageSize);
        return state.Page > pages
            ? Read(fleet, state with { Page = pages })
            : new ListPage(found, [.. Views.Select(view => view.CountIn(found.Counts))], state.Page, pages, (state.Page - 1) * PageSize);
    }

    /// <summary>A saved view: agents in any of some states.</summary>
    private sealed record View(string Key, string Title, string States) : ChipHead(Key, Title)
    {
        private readonly string[] _states = States.Split(',');

        /// <summary>An agent is in one state of the ladder, so those of a view add up.</summary>
        public int CountIn(IReadOnlyDictionary<string, int> counts) => _states.Sum(state => counts.GetValueOrDefault(state));
    }

    /// <param name="ChipCounts">By view.</param>
    public sealed record ListPage(AgentsFound Found, IReadOnlyList<int> ChipCounts, int Page, int Pages, int Skipped);
}
