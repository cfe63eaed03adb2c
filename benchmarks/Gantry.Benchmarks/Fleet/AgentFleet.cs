using System.Diagnostics;

namespace Gantry.Benchmarks.Fleet;

/// <summary>Agents that live until it is disposed of: they come in at a steady rate, beat every 30 s spread over that time, and are watched together.</summary>
internal sealed class AgentFleet : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<FleetAgent> _agents = [];
    private readonly List<Task> _lives = [];
    private readonly Func<int, CancellationToken, ValueTask<Stream>> _connect;
    private readonly Task _beats;

    /// <param name="connect">A new connection for the agent of this number.</param>
    public AgentFleet(Func<int, CancellationToken, ValueTask<Stream>> connect) => (_connect, _beats) = (connect, Task.Run(BeatAsync));

    public static TimeSpan BeatEvery { get; } = TimeSpan.FromSeconds(30);

    public IReadOnlyList<FleetAgent> Agents => _agents;

    public int TurnedAway => _agents.Sum(agent => agent.TurnedAway);

    /// <returns>When all are connected and have their configuration: after how many seconds.</returns>
    public async Task<double> GrowAsync(int count, double perSecond)
    {
        var watch = Stopwatch.StartNew();
        var first = _agents.Count;
        lock (_agents)
        {
            for (var number = first; number < count; number++)
            {
                var agent = new FleetAgent(number, _connect);
                _agents.Add(agent);
                var wait = TimeSpan.FromSeconds((number - first) / perSecond);
                _lives.Add(Task.Run(() => agent.RunAsync(wait, _stop.Token)));
            }
        }

        await UntilAsync(agent => agent is { AnsweredAt: > 0, Hash.Length: > 0 }, TimeSpan.FromMinutes(5) + watch.Elapsed, "are not connected with a configuration");
        return watch.Elapsed.TotalSeconds;
    }

    /// <returns>Seconds from before the change to when each agent had what it makes, ascending.</returns>
    public async Task<double[]> PushAsync(Func<Task> change)
    {
        var start = Stopwatch.GetTimestamp();
        await change();
        await UntilAsync(agent => agent.OfferedAt > start, TimeSpan.FromMinutes(2), "were not told");
        return [.. _agents.Select(agent => Stopwatch.GetElapsedTime(start, agent.OfferedAt).TotalSeconds).Order()];
    }

    public async Task UntilAsync(Predicate<FleetAgent> holds, TimeSpan limit, string otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (!_agents.TrueForAll(holds))
        {
            if (watch.Elapsed > limit)
            {
                throw new BenchmarkException($"after {limit.TotalSeconds:F0} s {_agents.Count(agent => !holds(agent))} agents {otherwise}; {TurnedAway} times agents were turned away");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Fifty cohorts, fifty configurations, and all agents of a cohort on the same.</summary>
    public bool IsRight()
    {
        var configurations = _agents.GroupBy(agent => agent.Cohort).Select(cohort => cohort.Select(agent => Convert.ToHexString(agent.Hash)).Distinct().ToArray()).ToArray();
        return configurations.All(hashes => hashes.Length == 1) && configurations.Select(hashes => hashes[0]).Distinct().Count() == Math.Min(FleetEstate.Cohorts, _agents.Count);
    }

    public static double Quantile(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll([.. _lives, _beats]).ContinueWith(static _ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task BeatAsync()
    {
        var ticks = (int)(BeatEvery / Tick);
        var due = new List<FleetAgent>();
        using var timer = new PeriodicTimer(Tick);
        for (var i = 0; await timer.WaitForNextTickAsync(_stop.Token); i++)
        {
            due.Clear();
            lock (_agents)
            {
                for (var agent = i % ticks; agent < _agents.Count; agent += ticks)
                {
                    due.Add(_agents[agent]);
                }
            }

            foreach (var agent in due)
            {
                await agent.BeatAsync();
            }
        }
    }
}
