using System.Diagnostics;
using System.Net;
using Gantry.Benchmarks.Servers;

namespace Gantry.Benchmarks.Fleet;

/// <summary>
/// A fleet of real WebSocket agents against a hub process: what an agent costs at rest, how long a change takes to reach all, and how the fleet comes back
/// after the hub was killed. The bars are issue 4's, for 15,000 agents.
/// </summary>
internal static class FleetBenchmark
{
    private const int DefaultAgents = 15_000;

    private const int DefaultSeconds = 60;

    private const double ConnectsPerSecond = 600;

    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(30);

    private sealed record Result(
        int Agents, double ConnectSeconds, long RssBytesBefore, long RssBytes, long RssBytesPerAgent, double IdleCpuCores, double PushP50Seconds, double PushP99Seconds, double PushMaxSeconds,
        double ReconnectAllSeconds, double ReconnectP99Seconds, int FullStatesAskedAfterKill, int TurnedAway, bool AllOnRightRevision);

    public static async Task<int> RunAsync(Arguments arguments)
    {
        Machine.RequireLinux();
        var count = arguments.Agents ?? DefaultAgents;
        var data = Directory.CreateTempSubdirectory("gantry-bench-fleet-");
        using var stop = new CancellationTokenSource();
        var hub = await HubProcess.StartAsync(0, data.FullName);
        try
        {
            var before = hub.ResidentBytes;
            var random = new Random(1);
            var endpoint = new IPEndPoint(IPAddress.Loopback, hub.Port);
            var agents = Enumerable.Range(0, count).Select(number => new FleetAgent(number, endpoint, new Random(number))).ToArray();
            var connected = Stopwatch.StartNew();
            var lives = agents.Select((agent, i) => Task.Run(() => agent.RunAsync(TimeSpan.FromSeconds(i / ConnectsPerSecond), stop.Token))).ToArray();
            var beats = BeatAsync(agents, stop.Token);
            await UntilAsync(() => agents.All(agent => agent.AnsweredAt > 0 && agent.Hash.Length > 0), TimeSpan.FromMinutes(5), () => $"{agents.Count(agent => agent.AnsweredAt == 0)} agents did not connect, {agents.Sum(agent => agent.TurnedAway)} times turned away");
            var connectSeconds = connected.Elapsed.TotalSeconds;
            arguments.Words.WriteLine($"{count} agents connected in {connectSeconds:F1} s; at rest for {arguments.Seconds ?? DefaultSeconds} s");
            await Task.Delay(BeatEvery);
            var cpu = hub.CpuSeconds;
            var watch = Stopwatch.StartNew();
            await Task.Delay(TimeSpan.FromSeconds(arguments.Seconds ?? DefaultSeconds));
            var idle = (hub.CpuSeconds - cpu) / watch.Elapsed.TotalSeconds;
            var resident = hub.ResidentBytes;
            arguments.Words.WriteLine($"resident {resident / 1e6:F0} MB, {(resident - before) / count} bytes an agent; {idle:F3} cores");

            var push = await PushAsync(hub, agents);
            arguments.Words.WriteLine($"push: half in {Quantile(push, 0.5):F2} s, 99 % in {Quantile(push, 0.99):F2} s, all in {push[^1]:F2} s");
            // What is written behind is written.
            await Task.Delay(TimeSpan.FromSeconds(12));
            var hashes = agents.Select(agent => agent.Hash).ToArray();
            var (times, asked) = (Array.Empty<double>(), 0);
            var killed = Stopwatch.GetTimestamp();
            hub.Kill();
            foreach (var agent in agents)
            {
                agent.FullStatesAsked = 0;
            }

            var next = await HubProcess.StartAsync(hub.Port, data.FullName, "2");
            await hub.DisposeAsync();
            hub = next;
            await UntilAsync(() => agents.All(agent => agent.AnsweredAt > killed), TimeSpan.FromMinutes(5), () => $"{agents.Count(agent => agent.AnsweredAt <= killed)} agents did not come back");
            times = [.. agents.Select(agent => Stopwatch.GetElapsedTime(killed, agent.AnsweredAt).TotalSeconds).Order()];
            asked = agents.Sum(agent => agent.FullStatesAsked);
            var right = agents.Zip(hashes).All(pair => pair.First.Hash.AsSpan().SequenceEqual(pair.Second));
            arguments.Words.WriteLine($"after kill -9: 99 % back in {Quantile(times, 0.99):F1} s, all in {times[^1]:F1} s; {asked} asked for everything until then; right revision: {right}");
            arguments.Report(new Result(
                count, Math.Round(connectSeconds, 1), before, resident, (resident - before) / count, Math.Round(idle, 4), Math.Round(Quantile(push, 0.5), 3), Math.Round(Quantile(push, 0.99), 3),
                Math.Round(push[^1], 3), Math.Round(times[^1], 1), Math.Round(Quantile(times, 0.99), 1), asked, agents.Sum(agent => agent.TurnedAway), right));
            await stop.CancelAsync();
            await Task.WhenAll(lives).ContinueWith(static _ => { }, TaskScheduler.Default);
            await beats.ContinueWith(static _ => { }, TaskScheduler.Default);
            return right ? 0 : 1;
        }
        finally
        {
            await stop.CancelAsync();
            await hub.DisposeAsync();
            data.Delete(recursive: true);
        }
    }

    private static async Task<double[]> PushAsync(HubProcess hub, FleetAgent[] agents)
    {
        var start = Stopwatch.GetTimestamp();
        hub.Assign("2");
        await UntilAsync(() => agents.All(agent => agent.OfferedAt > start), TimeSpan.FromMinutes(1), () => $"{agents.Count(agent => agent.OfferedAt <= start)} agents were not told");
        return [.. agents.Select(agent => Stopwatch.GetElapsedTime(start, agent.OfferedAt).TotalSeconds).Order()];
    }

    private static async Task BeatAsync(FleetAgent[] agents, CancellationToken stop)
    {
        var tick = TimeSpan.FromMilliseconds(100);
        var ticks = (int)(BeatEvery / tick);
        using var timer = new PeriodicTimer(tick);
        for (var i = 0; await timer.WaitForNextTickAsync(stop); i++)
        {
            for (var agent = i % ticks; agent < agents.Length; agent += ticks)
            {
                await agents[agent].BeatAsync();
            }
        }
    }

    private static async Task UntilAsync(Func<bool> holds, TimeSpan limit, Func<string> otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (!holds())
        {
            if (watch.Elapsed > limit)
            {
                throw new BenchmarkException($"after {limit.TotalSeconds} s: {otherwise()}");
            }

            await Task.Delay(50);
        }
    }

    private static double Quantile(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}
