using System.Globalization;
using Gantry.Estate.Methods;
using Gantry.Hub.Coverage;
using Gantry.Hub.Fleet;
using Gantry.Protocol.Inventory;

namespace Gantry.Hub.Methods;

/// <summary>How a service or a process can be instrumented.</summary>
internal static class MethodEndpoints
{
    public static void MapMethods(this IEndpointRouteBuilder api) => api.MapGet("/method", Advise)
        .Produces<IReadOnlyList<MethodRow>>()
        .WithSummary("How a service (id or name) or a process (pid, or host/pid) can be instrumented: methods by rung, what each costs, and why others do not apply");

    private static IResult Advise(string of, EstateQueries estate, FleetStore fleet, string? platform = null)
    {
        var forced = platform is null ? null : MethodPlatforms.Find(platform);
        if (platform is not null && forced is null)
        {
            return Results.Problem(statusCode: StatusCodes.Status400BadRequest, detail: $"platform={platform}: expected {string.Join(", ", MethodPlatforms.All.Select(known => known.Id))}");
        }

        List<(ServerProcess Key, ProcessFact Fact)> processes;
        lock (fleet.Gate)
        {
            processes = [.. fleet.Inventories_NeedsLock.SelectMany(inventory => inventory.Processes.Processes.Select(fact => (new ServerProcess(inventory.Processes.HostId, inventory.Processes.HostName, fact.Pid), fact)))];
        }

        var found = Find(of, estate.Current, processes);
        if (found.Count > 0)
        {
            return Results.Ok(found.Select(process => Row(process.Key, process.Fact, forced)).ToList());
        }

        // It sends, and no agent sees the process: what its telemetry says is all there is.
        return estate.Current.FindServiceCalled(of) is { } service
            ? Results.Ok(new List<MethodRow>
            {
                MethodRow.From($"{service.Name} (no process of it is known)", MethodCatalogue.Advise(
                    new ProcessTraits { Language = MethodLanguages.Find(service.Language), RuntimeVersion = service.RuntimeVersion }, forced ?? MethodPlatforms.Find(MethodPlatforms.Vm)!)),
            })
            : Results.Problem(
                statusCode: StatusCodes.Status404NotFound,
                detail: $"no service or process \"{of}\"; list services with GET /api/v1/services, and name a process by its pid or HOST/PID");
    }

    private static List<(ServerProcess Key, ProcessFact Fact)> Find(string of, EstateSnapshot estate, List<(ServerProcess Key, ProcessFact Fact)> processes)
    {
        var slash = of.LastIndexOf('/');
        if (uint.TryParse(of.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
        {
            var host = slash < 0 ? null : of[..slash];
            var byPid = processes.FindAll(process => process.Fact.Pid == pid && (host is null || host == process.Key.HostId || host == process.Key.HostName));
            if (byPid.Count > 0)
            {
                return byPid;
            }
        }

        var own = estate.Services.Where(row => row.Id == of || row.Name == of).SelectMany(row => row.Processes).Select(row => (row.HostId, row.Pid)).ToHashSet();
        var found = processes.FindAll(process => own.Contains((process.Key.HostId, process.Fact.Pid)));
        return found.Count > 0 ? found : processes.FindAll(process => process.Fact.DisplayName == of);
    }

    private static MethodRow Row(ServerProcess key, ProcessFact fact, MethodPlatform? forced) =>
        MethodRow.From($"{fact.DisplayName} (pid {fact.Pid} on {key.HostName})", MethodCatalogue.Advise(fact, forced ?? MethodCatalogue.PlatformOf(fact)));

    private sealed record ServerProcess(string HostId, string HostName, uint Pid);
}
