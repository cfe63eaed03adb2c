using System.Globalization;
using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Changes;
using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Ui.Controls;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>How far are we, what is wrong, and what is the one next thing to do?</summary>
public sealed partial class HomePage
{
    private const int MaxAttention = 20;

    private const int MaxChanges = 8;

    private IReadOnlyList<ChangeRow> _changes = [];

    [Inject]
    private UiContext Context { get; set; } = null!;

    [Inject]
    private IServiceProvider ServiceProvider { get; set; } = null!;

    /// <summary>That something was seen for the first time is no change of it.</summary>
    protected override void OnInitialized() => _changes =
        ServiceProvider.GetService<ChangeQueries>()?.Since(Context.Now - TimeSpan.FromDays(1), new ChangeFilter { WithoutFirstSeen = true }, MaxChanges + 1) ?? [];

    private Summary Summary => Context.Snapshot.Summary;

    /// <summary>The next step with what it gains and costs. Both come of one snapshot; a row that is not the step's has nothing to say about it.</summary>
    private StepRow? Ranked => Context.Snapshot.Steps.First is { } first && first.Title == Summary.Next.Title ? first : null;

    private bool Empty => Summary.HostRungs.Sum() == 0 && Summary.ServiceRungs.Sum() == 0;

    private int Services => Summary.ServiceRungs.Sum();

    private int From(int rung) => Summary.ServiceRungs.Skip(rung).Sum();

    private string Statement => (Services, Summary.HostRungs.Sum()) switch
    {
        (0, 0) => "No host and no service is known yet.",
        (0, var hosts) => $"{Words.Plural(hosts, "host")} known, no service yet.",
        _ when From(2) == Services => $"All {Figures.Count(Services)} services show rate, errors and duration.",
        _ => $"{Figures.Count(From(2))} of {Words.Plural(Services, "service")} show rate, errors and duration.",
    };

    private IEnumerable<(string Name, int Part, int Whole)> Coverage =>
    [
        ("Hosts measured", Summary.HostRungs.Skip(1).Sum(), Summary.HostRungs.Sum()),
        ("Requests measured", From(2), Services),
        ("Joined in traces", From(3), Services),
    ];

    private static string Percent(int part, int whole) =>
        whole == 0 ? "0" : (100d * part / whole).ToString("0.#", CultureInfo.InvariantCulture) + "%";

    private string Substatement
    {
        get
        {
            var stale = Summary.StaleHosts + Summary.StaleServices;
            var dark = Context.Snapshot.Services.Count(service => service.Dark);
            return (dark, stale) switch
            {
                (0, 0) => Empty ? "Start one agent; the picture below fills itself. " : "Nothing is dark, and nothing went silent. ",
                (_, 0) => $"{Words.Plural(dark, "service is", "services are")} dark. ",
                (0, _) => $"{Figures.Count(stale)} went silent. ",
                _ => $"{Words.Plural(dark, "service is", "services are")} dark, and {Figures.Count(stale)} hosts or services went silent. ",
            };
        }
    }
}
