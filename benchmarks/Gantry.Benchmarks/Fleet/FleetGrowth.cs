using System.Diagnostics;
using System.Net;
using Gantry.Benchmarks.Servers;
using Gantry.Hub;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Benchmarks.Fleet;

/// <summary>
/// The hub's whole server in this process, over <see cref="MemoryTransport"/>, with a fleet that grows in steps. Figures are of both ends together, so they are
/// for comparing the steps with each other: what an agent costs must not grow with their number.
/// </summary>
internal static class FleetGrowth
{
    private const int DefaultAgents = 100_000;

    private const int DefaultSeconds = 30;

    // Of the hub's lane for new agents.
    private const double ConnectsPerSecond = 900;

    private sealed record Step(int Agents, long RssBytesPerAgent, double IdleCpuMicrosecondsPerAgentSecond, double PushP99Seconds, double PushCpuMicrosecondsPerAgent);

    /// <param name="RssGrowth">An agent's cost at the last step over that at the first: 1 is linear.</param>
    private sealed record Result(string Transport, IReadOnlyList<Step> Steps, double RssGrowth, double IdleCpuGrowth, double PushCpuGrowth, long Compilations, bool AllOnRightRevision);

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var most = arguments.Agents ?? DefaultAgents;
        var data = Directory.CreateTempSubdirectory("gantry-bench-fleet-");
        var transport = new MemoryTransport();
        try
        {
            await using var hub = new HubServer(
                new HubOptions { Listen = new IPEndPoint(IPAddress.Loopback, 4320), DataFolder = data.FullName },
                static logging => logging.SetMinimumLevel(LogLevel.Warning).AddSimpleConsole(),
                TimeProvider.System,
                services => services.AddSingleton<IConnectionListenerFactory>(transport));
            await hub.StartAsync();
            using var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = (_, _) => new(transport.Connect()) }) { BaseAddress = new Uri("http://localhost:4320/") };
            await FleetEstate.ApplyAsync(http);
            var empty = Resident();
            await using var fleet = new AgentFleet((_, _) => new(transport.Connect()));
            var steps = new List<Step>();
            foreach (var share in (double[])[0.05, 0.1, 0.25, 0.5, 1])
            {
                var count = Math.Max(1, (int)(most * share));
                await fleet.GrowAsync(count, ConnectsPerSecond);
                steps.Add(await MeasureAsync(arguments, fleet, http, empty, steps.Count + 2));
            }

            var right = fleet.IsRight();
            var compilations = hub.Services.GetRequiredService<Hub.Compile.ConfigCache>().Compilations;
            var (first, last) = (steps[0], steps[^1]);
            arguments.Report(new Result(
                "memory", steps, Ratio(last.RssBytesPerAgent, first.RssBytesPerAgent), Ratio(last.IdleCpuMicrosecondsPerAgentSecond, first.IdleCpuMicrosecondsPerAgentSecond),
                Ratio(last.PushCpuMicrosecondsPerAgent, first.PushCpuMicrosecondsPerAgent), compilations, right));
            arguments.Words.WriteLine($"an agent's cost at {last.Agents} over that at {first.Agents}: memory {Ratio(last.RssBytesPerAgent, first.RssBytesPerAgent)}, "
                + $"idle {Ratio(last.IdleCpuMicrosecondsPerAgentSecond, first.IdleCpuMicrosecondsPerAgentSecond)}, push {Ratio(last.PushCpuMicrosecondsPerAgent, first.PushCpuMicrosecondsPerAgent)}; "
                + $"{compilations} compilations for {steps.Count + 1} states of {FleetEstate.Cohorts} cohorts; right revision: {right}");
            return right ? 0 : 1;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<Step> MeasureAsync(Arguments arguments, AgentFleet fleet, HttpClient http, long empty, int revision)
    {
        var count = fleet.Agents.Count;
        await Task.Delay(AgentFleet.BeatEvery);
        var (cpu, watch) = (Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        await Task.Delay(TimeSpan.FromSeconds(arguments.Seconds ?? DefaultSeconds));
        var idle = (Environment.CpuUsage.TotalTime - cpu) / watch.Elapsed;
        var resident = Resident();
        cpu = Environment.CpuUsage.TotalTime;
        var push = await fleet.PushAsync(() => FleetEstate.ChangeAsync(http, revision));
        var pushed = Environment.CpuUsage.TotalTime - cpu;
        var step = new Step(
            count, (resident - empty) / count, Math.Round(idle / count * 1e6, 2), Math.Round(AgentFleet.Quantile(push, 0.99), 2), Math.Round(pushed.TotalMicroseconds / count, 1));
        arguments.Words.WriteLine($"{count} agents: {step.RssBytesPerAgent} bytes and {step.IdleCpuMicrosecondsPerAgentSecond} µs a second each at rest, both ends; push 99 % in {step.PushP99Seconds} s, "
            + $"{step.PushCpuMicrosecondsPerAgent} µs each");
        return step;
    }

    private static double Ratio(double last, double first) => Math.Round(last / first, 2);

    /// <summary>With what is garbage gone, so that steps compare.</summary>
    private static long Resident()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return ProcessUsage.ResidentBytes(Environment.ProcessId);
    }
}
