using Gantry.Estate.Ladder;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Coverage;

/// <summary>What needs a person, worst first.</summary>
internal static class Attentions
{
    /// <summary>How the title of what sends nothing any more ends.</summary>
    public const string Silent = "fell silent";

    private const int Most = 20;
    private const double ErrorShare = 0.05;
    private const double DiskFull = 0.9;

    private static readonly TimeSpan GatewaySilent = TimeSpan.FromMinutes(1);

    public static IReadOnlyList<Attention> Find(
        IReadOnlyList<HostRow> hosts, IReadOnlyList<ServiceRow> services, IReadOnlyList<AgentRow> agents,
        DateTimeOffset? lastGateway, IReadOnlyList<(string Gateway, DateTimeOffset Since)> silent, IReadOnlyList<(string Reason, DateTimeOffset Since)> forwardProblems, DateTimeOffset now)
    {
        var found = new List<Attention>();
        if (lastGateway is { } seen && now - seen > GatewaySilent)
        {
            found.Add(new Attention("high", "No gateway reports", "Nothing new can be seen until a gateway reaches this hub.", "/", seen));
        }

        else if (silent.Count > 0)
        {
            found.Add(new Attention(
                "medium", silent.Count == 1 ? "A gateway is silent" : $"{silent.Count} gateways are silent",
                "What they took is not known here, so no journey is judged until they report again, or are taken for gone after five minutes.", "/journeys", silent.Min(item => item.Since)));
        }

        found.AddRange(forwardProblems.Select(problem =>
            new Attention("high", "Telemetry is not passed on", $"{problem.Reason}. Clients are told to come again, and requests in traces count only when they do.", "/", problem.Since)));
        found.AddRange(hosts.Where(host => host.Stale).Select(host =>
            new Attention("high", $"Host {host.Name} {Silent}", "Its last evidence is older than five minutes.", $"/hosts/{host.Id}", host.LastSeen)));
        found.AddRange(hosts.Where(host => host.Use?.FilesystemUtilization > DiskFull && !host.Stale).Select(host =>
            new Attention("high", $"{host.Name}: a file system is {host.Use!.FilesystemUtilization:P0} full", "Fullest file system of the host.", $"/hosts/{host.Id}", null)));
        found.AddRange(services.Where(service => service is { Stale: true, Processes.Count: > 0 }).Select(service =>
            new Attention("high", $"{service.Name} runs and {Silent}", "Its process is there, its telemetry is older than five minutes.", $"/services/{service.Id}", service.LastSeen)));
        found.AddRange(services.Where(service => !service.Stale && service.Red?.ErrorShare > ErrorShare).OrderByDescending(service => service.Red!.ErrorShare).Select(service =>
            new Attention("medium", $"{service.Name}: {service.Red!.ErrorShare:P0} of requests fail", $"Of {service.Red.Rate:0.#} requests a second.", $"/services/{service.Id}", service.Red.At)));
        found.AddRange(agents.Where(agent => agent is { Connected: true, Health: "unhealthy" }).Select(agent =>
            new Attention("medium", $"Agent {agent.Kind} on {agent.HostName} is unhealthy", agent.LastError, $"/agents/{agent.Id}", agent.LastSeen)));
        found.AddRange(services.Where(service => service.Evidence.Any(item => item.Id == ServiceEvidence.Rate && item.State == "missing") && service is { Dark: false, Stale: false, IsUnseen: false }).Select(service =>
            new Attention("low", $"{service.Name} sends, but not its requests", "Neither request metrics nor unsampled SERVER spans.", $"/services/{service.Id}", service.LastSeen)));
        found.AddRange(services.Where(service => service is { Stale: true, Processes.Count: 0 }).Select(service =>
            new Attention("low", $"{service.Name} {Silent}", "Neither its telemetry nor a process of it is seen any more.", $"/services/{service.Id}", service.LastSeen)));
        return [.. found.Take(Most)];
    }
}
