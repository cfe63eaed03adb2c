using Gantry.Estate.Findings;
using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Journeys;

namespace Gantry.Testing;

/// <summary>Estates to test with.</summary>
public static class Estates
{
    public static EstateSnapshot Empty(DateTimeOffset now) => new(now, [], [], [], new Summary(
        [0, 0], [0, 0, 0, 0, 0], 0, 0, 0, 0, [], new Step("Start an agent on this machine", "Nothing is known yet. One command starts hub, gateway and agent.", "gantry up", "/hosts"), now));

    /// <summary>A snapshot with its summary counted, as the hub would.</summary>
    public static EstateSnapshot Of(
        DateTimeOffset now,
        IReadOnlyList<HostRow> hosts,
        IReadOnlyList<ServiceRow> services,
        IReadOnlyList<AgentRow> agents,
        IReadOnlyList<Attention>? attention = null,
        Step? next = null) =>
        new(now, hosts, services, agents, new Summary(
            [.. Enumerable.Range(0, 2).Select(rung => hosts.Count(host => host.Rung == rung))],
            [.. Enumerable.Range(0, 5).Select(rung => services.Count(service => service.Rung == rung))],
            hosts.Count(host => host.Stale),
            services.Count(service => service.Stale),
            agents.Count,
            agents.Count(agent => agent.Connected),
            attention ?? [],
            next ?? new Step("Instrument billing", "It listens and sends nothing.", "gantry instrument billing", "/services"),
            now));

    /// <summary>A snapshot with journeys and steps, as the hub would.</summary>
    public static EstateSnapshot WithJourneys(EstateSnapshot estate, IReadOnlyList<JourneyRow> journeys)
    {
        var found = estate with { Journeys = journeys, Breaks = [.. journeys.SelectMany(journey => journey.Breaks).DistinctBy(row => row.Id)] };
        var steps = new StepRanking(StepScope.Of(found));
        return found with { Journeys = steps.Complete(journeys), Steps = steps };
    }

    /// <summary>A plain service; a test changes what it is about with <c>with</c>.</summary>
    public static ServiceRow Service(string name, int rung, DateTimeOffset now) => new(
        name, name, "shop", "production", rung, rung == 0, false, "java", "libjvm.so is mapped", "21.0.4", rung >= 2 ? "opentelemetry-java-instrumentation 2.9.0" : "",
        rung >= 2 ? "host.id and process.pid" : "", rung == 0 ? null : now.AddSeconds(-4),
        rung >= 2 ? new RedNow(12.5, 0.01, 0.012, 0.085, 0.24, "spans", now.AddSeconds(-4)) : null,
        rung >= 2 ? 120_000UL : 0, [], [], null);

    /// <summary>Very many services with unequal figures, for what must stay fast.</summary>
    public static EstateSnapshot Large(int services, DateTimeOffset now)
    {
        var rows = new ServiceRow[services];
        for (var i = 0; i < services; i++)
        {
            var rung = i % 5;
            rows[i] = Service($"service-{(i * 7_919L) % services:D6}", rung, now) with
            {
                Language = (i % 3) switch { 0 => "java", 1 => "dotnet", _ => "go" },
                Red = rung < 2 ? null : new RedNow(i % 1_000, i % 100 / 1_000d, 0.01, i % 700 / 1_000d, 0.9, "spans", now.AddSeconds(-(i % 60))),
            };
        }

        return Of(now, [], rows, []) with { Findings = [.. rows.Select((row, i) => NewspaperEdges.Finding(row.Name, "shop", FindingCatalogue.All[i % FindingCatalogue.All.Count].Code, (ulong)i, "service.version", now))] };
    }
}
