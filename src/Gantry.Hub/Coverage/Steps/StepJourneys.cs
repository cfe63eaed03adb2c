using Gantry.Hub.Journeys;

namespace Gantry.Hub.Coverage.Steps;

/// <summary>Which journeys each step brings nearer to whole: those with a hop of its service, a service of its host, or a break that it closes.</summary>
internal static class StepJourneys
{
    public static IReadOnlyList<StepRow> Place(IReadOnlyList<StepRow> steps, StepScope scope)
    {
        if (scope.Journeys.Count == 0)
        {
            return steps;
        }

        var byService = new Dictionary<string, Dictionary<string, double?>>();
        var byBreak = new Dictionary<string, Dictionary<string, double?>>();
        foreach (var journey in scope.Journeys)
        {
            foreach (var row in journey.Breaks)
            {
                Add(byBreak, row.Id, journey.Name, null);
            }

            foreach (var hop in journey.Hops)
            {
                if (hop.End.ServiceId is { } service)
                {
                    Add(byService, service, journey.Name, hop.Share);
                }

                if (hop.Break.Length > 0)
                {
                    Add(byBreak, hop.Break, journey.Name, hop.Share * (journey.Breaks.FirstOrDefault(row => row.Id == hop.Break)?.Lost?.Share ?? 1));
                }
            }
        }

        var byHost = scope.Services.SelectMany(service => service.Processes, (service, process) => (process.HostId, service.Id)).Distinct().ToLookup(item => item.HostId, item => item.Id);
        return [.. steps.Select(step => step with
        {
            Journeys = Merge([
                .. step.Subject switch
                {
                    "service" => [byService.GetValueOrDefault(step.SubjectId)],
                    "host" => byHost[step.SubjectId].Select(id => byService.GetValueOrDefault(id)),
                    _ => Array.Empty<Dictionary<string, double?>?>(),
                },
                .. step.Gain.Closes.Select(id => byBreak.GetValueOrDefault(id)),
            ]),
        })];
    }

    private static void Add(Dictionary<string, Dictionary<string, double?>> places, string id, string journey, double? share)
    {
        if (!places.TryGetValue(id, out var shares))
        {
            places.Add(id, shares = []);
        }

        shares[journey] = Larger(shares.GetValueOrDefault(journey), share);
    }

    private static IReadOnlyList<StepJourney> Merge(IReadOnlyList<Dictionary<string, double?>?> places)
    {
        var merged = new SortedDictionary<string, double?>(StringComparer.Ordinal);
        foreach (var (name, share) in places.OfType<Dictionary<string, double?>>().SelectMany(static place => place))
        {
            merged[name] = Larger(merged.GetValueOrDefault(name), share);
        }

        // More than one call in a request is still one request.
        return [.. merged.Select(item => new StepJourney(item.Key, item.Value is { } share ? Math.Min(1, share) : null))];
    }

    private static double? Larger(double? left, double? right) => left is null ? right : right is null ? left : Math.Max(left.Value, right.Value);
}
