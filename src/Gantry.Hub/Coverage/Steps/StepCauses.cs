using Gantry.Estate.Ladder;
using Gantry.Hub.Journeys;

namespace Gantry.Hub.Coverage.Steps;

/// <summary>Every cause once: a dark service and the breaks that it makes are one step, and a service that only looks broken because of another has none.</summary>
internal static class StepCauses
{
    public static IReadOnlyList<StepRow> Of(StepScope scope)
    {
        var services = scope.Services.GroupBy(row => row.Id).ToDictionary(group => group.Key, group => group.First());
        var own = new Dictionary<string, StepRow>(scope.Own ?? new ServiceSteps(scope.OtlpHttp).ById(scope.Services));
        var breaks = scope.Breaks.Concat(scope.Journeys.SelectMany(journey => journey.Breaks)).GroupBy(row => row.Id).Select(group => group.First()).OrderBy(row => row.Id, StringComparer.Ordinal).ToList();
        var journeys = new Dictionary<string, string>();
        foreach (var (id, name) in scope.Journeys.SelectMany(journey => journey.Breaks, (journey, row) => (row.Id, journey.Name)))
        {
            journeys.TryAdd(id, name);
        }

        var steps = new List<StepRow>(HostSteps.Of(scope));
        var closed = new Dictionary<string, List<BreakRow>>();
        foreach (var cause in BreakSteps.ByCause(breaks))
        {
            var first = cause.First();
            var culprit = BreakSteps.Culprit(first).ServiceId;
            if (culprit is not null && BreakSteps.IsOfSilence(first) && own.GetValueOrDefault(culprit) is { Rung: < (int)Rung.Transactions } step && (step.IsTakeable || first.Command.Length == 0))
            {
                closed.TryAdd(culprit, []);
                closed[culprit].AddRange(cause);
                continue;
            }

            steps.Add(BreakSteps.Of([.. cause], journeys, services));
            if (culprit is not null && BreakSteps.IsOfSilence(first) && !closed.ContainsKey(culprit))
            {
                own.Remove(culprit);
            }
        }

        // "Join it with its callers" says less than the break that has been found, or than what it hides behind.
        var byName = services.Values.ToLookup(service => service.Name, StringComparer.Ordinal);
        foreach (var row in breaks)
        {
            foreach (var id in new[] { row.From.ServiceId, row.To.ServiceId }.OfType<string>().Concat(row.Also.SelectMany(word => Meant(word, row, services, byName))))
            {
                if (own.GetValueOrDefault(id) is { Rung: (int)Rung.Transactions } && !closed.ContainsKey(id))
                {
                    own.Remove(id);
                }
            }
        }

        var calls = scope.Edges.Where(edge => edge.Callee.ServiceId is not null).GroupBy(edge => edge.Callee.ServiceId!).ToDictionary(group => group.Key, group => group.Sum(edge => edge.Red?.Rate ?? 0) * 3600);
        steps.AddRange(own.Values.Select(step => Grown(step, closed.GetValueOrDefault(step.SubjectId, []), services[step.SubjectId], calls)));
        return StepJourneys.Place(steps, scope);
    }

    /// <summary>Services by an id or a name. One name may be a service in each environment: then it is the one where the caller runs.</summary>
    private static IEnumerable<string> Meant(string word, BreakRow row, Dictionary<string, ServiceRow> services, ILookup<string, ServiceRow> byName)
    {
        if (services.ContainsKey(word))
        {
            return [word];
        }

        var all = byName[word].ToList();
        var near = row.From.ServiceId is { } from && services.TryGetValue(from, out var caller) ? all.FindAll(service => service.Environment == caller.Environment) : [];
        return (near.Count > 0 ? near : all).Select(service => service.Id);
    }

    /// <summary>With what it closes and how many requests it is about: its own as counted, else as its callers see them, else as its broken links lose them.</summary>
    private static StepRow Grown(StepRow step, List<BreakRow> closes, ServiceRow service, Dictionary<string, double> calls)
    {
        double? lost = closes.Count > 0 ? closes.Sum(row => (double)row.Requests) : null;
        var requests = service.Red?.Rate * 3600 ?? (calls.TryGetValue(service.Id, out var called) && called > 0 ? called : lost);
        return step with { Gain = new StepGain(1 + closes.SelectMany(row => row.Also).Distinct().Count(), requests, [.. closes.Select(row => row.Id)]) };
    }
}
