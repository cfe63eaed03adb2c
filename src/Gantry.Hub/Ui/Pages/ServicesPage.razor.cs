using Gantry.Hub.Coverage;
using Gantry.Hub.Ui.Lists;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Which services are there, where does each stand, and how is it doing?</summary>
public sealed partial class ServicesPage
{
    private ListPage<ServiceRow> _page = null!;

    [Parameter, EditorRequired]
    public ListState State { get; set; } = null!;

    [Inject]
    private UiContext Context { get; set; } = null!;

    protected override void OnParametersSet() => _page = ServiceList.Shape.Read(Context.Snapshot.Services, State);

    /// <summary>Where it runs: what tells two services of the same name apart.</summary>
    private static string Place(ServiceRow row)
    {
        var parts = new List<string>(3);
        if (row.Namespace.Length > 0)
        {
            parts.Add(row.Namespace);
        }

        if (row.Environment.Length > 0)
        {
            parts.Add(row.Environment);
        }

        var hosts = row.Processes.Select(process => process.HostName).Distinct(StringComparer.Ordinal).ToArray();
        if (hosts.Length > 0)
        {
            parts.Add(hosts.Length == 1 ? hosts[0] : Words.Plural(hosts.Length, "host"));
        }

        return string.Join(" · ", parts);
    }
}
