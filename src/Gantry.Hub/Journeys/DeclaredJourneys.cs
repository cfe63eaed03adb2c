using Gantry.Estate.Journeys;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Journeys;

/// <summary>The declared journeys, by where they enter: asked for each inbound span of each chosen trace.</summary>
internal sealed class DeclaredJourneys
{
    private readonly ResourceStore _resources;
    private readonly DeclaredNames _names;
    private volatile State _state;

    public DeclaredJourneys(ResourceStore resources, DeclaredNames names)
    {
        (_resources, _names) = (resources, names);
        _state = Read();
        resources.Changed += kind =>
        {
            if (kind == JourneyReader.Kind)
            {
                _state = Read();
            }
        };
    }

    public IReadOnlyList<Journey> All => _state.All;

    public bool IsEntry(ServiceKey service, string operation) => EnteredBy(service, operation).Any();

    public IEnumerable<Journey> EnteredBy(ServiceKey service, string operation)
    {
        var byService = _state.ByService;
        return byService.Count == 0 ? [] : _names.Of(service)
            .SelectMany(name => byService.GetValueOrDefault(name) ?? [])
            .Where(journey => _names.IsEntry(journey.Entry, service) && journey.Entry.Begins(operation));
    }

    private State Read()
    {
        List<Journey> all = [.. _resources.OfKind(JourneyReader.Kind).Select(resource => resource.Document?.Model).OfType<Journey>()];
        return new State(all, all.GroupBy(journey => journey.Entry.Service, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal));
    }

    private sealed record State(IReadOnlyList<Journey> All, IReadOnlyDictionary<string, List<Journey>> ByService);
}
