using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gantry.Benchmarks.Servers;

namespace Gantry.Benchmarks.Fleet;

/// <summary>
/// A fleet of real WebSocket agents against <c>gantry hub</c>: what an agent costs at rest, how long a changed pipeline takes to reach all, and how the fleet
/// comes back after the hub was killed. The bars are issue 4's, for 15,000 agents.
/// </summary>
internal static class FleetBenchmark
{
    private const int DefaultAgents = 15_000;

    private const int DefaultSeconds = 60;

    private const double ConnectsPerSecond = 600;

    // Longer than what is written behind waits.
    private static readonly TimeSpan Written = TimeSpan.FromSeconds(12);

    private sealed record Result(
        string Transport, int Agents, double ConnectSeconds, long RssBytesBefore, long RssBytes, long RssBytesPerAgent, double IdleCpuCores, double PushP50Seconds, double PushP99Seconds,
        double PushMaxSeconds, double ReconnectAllSeconds, double ReconnectP99Seconds, int FullStatesAskedAfterKill, int TurnedAway, bool AllOnRightRevision);

    public static async Task<int> RunAsync(Arguments arguments)
    {
        Machine.RequireLinux();
        if (arguments.Transport == "memory")
        {
            return await FleetGrowth.RunAsync(arguments);
        }

        var count = arguments.Agents ?? DefaultAgents;
        var data = Directory.CreateTempSubdirectory("gantry-bench-fleet-");
        var hub = await HubProcess.StartAsync(0, data.FullName);
        try
        {
            using var http = new HttpClient { BaseAddress = hub.Address };
            await FleetEstate.ApplyAsync(http);
            var before = hub.ResidentBytes;
            var endpoint = new IPEndPoint(IPAddress.Loopback, hub.Address.Port);
            await using var fleet = new AgentFleet((number, stop) => ConnectAsync(endpoint, number, stop));
            var connectSeconds = await fleet.GrowAsync(count, ConnectsPerSecond);
            var rest = TimeSpan.FromSeconds(arguments.Seconds ?? DefaultSeconds);
            arguments.Words.WriteLine($"{count} agents connected in {connectSeconds:F1} s; at rest for {rest.TotalSeconds} s");
            await Task.Delay(AgentFleet.BeatEvery);
            var (cpu, watch) = (hub.CpuSeconds, Stopwatch.StartNew());
            await Task.Delay(rest);
            var idle = (hub.CpuSeconds - cpu) / watch.Elapsed.TotalSeconds;
            var resident = hub.ResidentBytes;
            arguments.Words.WriteLine($"resident {resident / 1e6:F0} MB, {(resident - before) / count} bytes an agent; {idle:F3} cores");

            var push = await fleet.PushAsync(() => FleetEstate.ChangeAsync(http, 2));
            arguments.Words.WriteLine($"push: half in {AgentFleet.Quantile(push, 0.5):F2} s, 99 % in {AgentFleet.Quantile(push, 0.99):F2} s, all in {push[^1]:F2} s");
            await Task.Delay(Written);
            var hashes = fleet.Agents.Select(agent => agent.Hash).ToArray();
            foreach (var agent in fleet.Agents)
            {
                agent.FullStatesAsked = 0;
            }

            var killed = Stopwatch.GetTimestamp();
            hub.Kill();
            await hub.DisposeAsync();
            hub = await HubProcess.StartAsync(hub.Address.Port, data.FullName);
            await fleet.UntilAsync(agent => agent.AnsweredAt > killed, TimeSpan.FromMinutes(5), "did not come back");
            var asked = fleet.Agents.Sum(agent => agent.FullStatesAsked);
            double[] times = [.. fleet.Agents.Select(agent => Stopwatch.GetElapsedTime(killed, agent.AnsweredAt).TotalSeconds).Order()];
            var right = fleet.IsRight() && fleet.Agents.Zip(hashes).All(pair => pair.First.Hash.AsSpan().SequenceEqual(pair.Second));
            arguments.Words.WriteLine($"after kill -9: 99 % back in {AgentFleet.Quantile(times, 0.99):F1} s, all in {times[^1]:F1} s; {asked} asked for everything until then; right revision: {right}");
            arguments.Report(new Result(
                "websocket", count, Math.Round(connectSeconds, 1), before, resident, (resident - before) / count, Math.Round(idle, 4), Math.Round(AgentFleet.Quantile(push, 0.5), 3),
                Math.Round(AgentFleet.Quantile(push, 0.99), 3), Math.Round(push[^1], 3), Math.Round(times[^1], 1), Math.Round(AgentFleet.Quantile(times, 0.99), 1), asked, fleet.TurnedAway, right));
            return right ? 0 : 1;
        }
        finally
        {
            await hub.DisposeAsync();
            data.Delete(recursive: true);
        }
    }

    /// <summary>From a loopback address of the agent's own block: one address has too few ports for all.</summary>
    private static async ValueTask<Stream> ConnectAsync(IPEndPoint hub, int number, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(new IPAddress([127, 0, (byte)(1 + (number / 10_000)), (byte)(1 + (number % 200))]), 0));
            await socket.ConnectAsync(hub, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
