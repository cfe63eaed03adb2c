using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Journeys;

namespace Gantry.Hub.Coverage;

/// <summary>How far the estate is; also <c>gantry coverage</c>.</summary>
/// <param name="Hosts">Hosts on rung 0 to 1, by rung.</param>
/// <param name="Services">Services on rung 0 to 4, by rung.</param>
/// <param name="Stale">Services that stood higher on evidence that has grown old.</param>
/// <param name="Owners">The owner with the most left to do first; "" is what nobody owns.</param>
/// <param name="Journeys">As the list of journeys has them.</param>
/// <param name="Next">The first three steps.</param>
public sealed record CoverageSummary(
    IReadOnlyList<int> Hosts,
    IReadOnlyList<int> Services,
    int Stale,
    IReadOnlyList<OwnerCoverage> Owners,
    IReadOnlyList<JourneyCoverage> Journeys,
    IReadOnlyList<StepRow> Next,
    DateTimeOffset At)
{
    private const int Steps = 3;

    public static CoverageSummary Of(EstateSnapshot estate) => new(
        estate.Summary.HostRungs,
        estate.Summary.ServiceRungs,
        estate.Summary.StaleServices,
        [.. estate.Services.GroupBy(row => row.Owner).Select(group => new OwnerCoverage(group.Key, Rungs(group), group.Count(row => row.Stale)))
            .OrderByDescending(row => row.Services.Take(3).Sum()).ThenBy(row => row.Owner, StringComparer.Ordinal)],
        [.. estate.Journeys.Select(row => JourneyCoverage.Of(row, estate))],
        [.. estate.Steps.All.Take(Steps)],
        estate.At);

    /// <summary>Everybody who owns a service or a journey, by name.</summary>
    public static IReadOnlyList<string> OwnersOf(EstateSnapshot estate) =>
        [.. estate.Services.Select(row => row.Owner).Concat(estate.Journeys.Select(row => row.Owner)).Where(owner => owner.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    internal static IReadOnlyList<int> Rungs(IEnumerable<ServiceRow> services)
    {
        var rungs = new int[5];
        foreach (var row in services)
        {
            rungs[Math.Clamp(row.Rung, 0, 4)]++;
        }

        return rungs;
    }
}

/// <summary>How far one owner's services are.</summary>
/// <param name="Owner">"" for what nobody owns.</param>
/// <param name="Services">Services on rung 0 to 4, by rung.</param>
public sealed record OwnerCoverage(string Owner, IReadOnlyList<int> Services, int Stale);

/// <summary>How far one journey is.</summary>
/// <param name="Complete">Share of requests whose trace is complete; null before the first was looked at.</param>
/// <param name="Services">Services on its way on rung 0 to 4, by rung.</param>
public sealed record JourneyCoverage(string Name, string Owner, string State, ShareEstimate? Complete, int Breaks, int Reached, IReadOnlyList<int> Services)
{
    public static JourneyCoverage Of(JourneyRow row, EstateSnapshot estate)
    {
        var hops = row.Hops.Select(hop => hop.End.ServiceId).OfType<string>().ToHashSet();
        return new JourneyCoverage(row.Name, row.Owner, row.State, row.Complete, row.Breaks.Count, row.Reached, CoverageSummary.Rungs(estate.Services.Where(service => hops.Contains(service.Id))));
    }
}
