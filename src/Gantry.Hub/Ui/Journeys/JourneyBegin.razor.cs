using Gantry.Hub.Coverage;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>The list of journeys while there is none: what one is, and one to begin with, at the busiest request that nobody inside sends.</summary>
public sealed partial class JourneyBegin
{
    private const int Most = 5;

    private IReadOnlyList<(ServiceRow Service, string Operation)> _entries = [];

    private bool _outside;

    private string _document = "";

    [Inject]
    private UiContext Context { get; set; } = null!;

    [Inject]
    private EstateQueries Estate { get; set; } = null!;

    protected override void OnParametersSet()
    {
        var called = Context.Snapshot.Edges.Where(edge => edge.Caller.Type == "service").Select(edge => edge.Callee.ServiceId).OfType<string>().ToHashSet();
        var busy = Context.Snapshot.Services.Where(row => row.Red is { Rate: > 0 } && row.Name != Gantry.Hub.Coverage.Steps.ServiceSteps.Self).OrderByDescending(row => row.Red!.Rate).ToList();
        var first = busy.Where(row => !called.Contains(row.Id)).ToList();
        _outside = first.Count > 0;
        _entries = [.. (_outside ? first : busy).Take(Most).Select(row => (row, Estate.Operations(row.Id).FirstOrDefault(operation => operation.Kind == "SERVER")?.Name ?? ""))];
        _document = _entries.Count > 0 ? JourneyDocument.For(_entries[0].Service, _entries[0].Operation) : "";
    }

    private string Found => _outside
        ? $"{(_entries.Count == 1 ? "One service has" : $"{_entries.Count} services have")} inbound requests that no service here sends, so they come from people or from outside:"
        : "Every service with inbound requests is called by another one here. The busiest are:";
}
