using System.Collections.Concurrent;
using System.Data.Common;
using Gantry.Estate.Configurations;
using Gantry.Hub.Compile;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Rollouts.LastGood;

/// <summary>
/// What each agent was given last, kept over restarts and upgrades. Resources are text, and another version of the hub may not be able to read a text that
/// this one could; the bytes that were made of it are good all the same. Noted in memory with each answer, written behind: a crash forgets a few seconds.
/// </summary>
internal sealed class LastGoodStore(HubDatabase database, TimeProvider time, ILogger<LastGoodStore> logger) : PeriodicService(Interval, time, logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>As many as the cache of configurations holds; where each agent has a cohort of its own, those beyond it are not kept.</summary>
    private const int MostConfigs = 20_000;

    /// <summary>As many as the fleet holds.</summary>
    private const int MostAgents = 100_000;

    private const int DaysKept = 30;

    private readonly ConcurrentDictionary<string, (string Cohort, long Day)> _agents = new();
    private readonly ConcurrentDictionary<string, (CompiledConfig Config, long Number)> _configs = new();
    private readonly ConcurrentDictionary<string, LastGoodConfig> _newConfigs = new();
    private readonly ConcurrentDictionary<string, string> _newAgents = new();
    private readonly ConcurrentDictionary<string, LastGoodConfig?> _read = new();
    private readonly ConcurrentDictionary<string, string> _cohorts = new();
    private readonly Lock _writing = new();
    // The first time is a day after the start: until then whoever is there has asked again.
    private long _swept = DayOf(time);

    protected override string What => "Writing what agents were given last";

    private long Today => DayOf(Time);

    /// <summary>An agent was told to run this. Costs two looks into memory when it is what it was told before.</summary>
    public void Note(string agent, CompiledCohort compiled, Assignment given)
    {
        NoteAgent(agent, given.Cohort);
        if (compiled.IsLastGood)
        {
            return;
        }

        if (_configs.TryGetValue(given.Cohort, out var known) ? ReferenceEquals(known.Config, given.Config) && known.Number == given.Revision : _configs.Count >= MostConfigs)
        {
            return;
        }

        _configs[given.Cohort] = (given.Config, given.Revision);
        _newConfigs[given.Cohort] = new LastGoodConfig(given.Cohort, compiled.Cohort.Recipe, given.Revision, compiled.Problems.Count == 0, given.IsNothing, given.Config);
    }

    /// <summary>What the agent was given last, by this hub or the one before it; null where it was given nothing.</summary>
    public LastGoodConfig? Of(string agent)
    {
        if (!_cohorts.TryGetValue(agent, out var cohort))
        {
            cohort = LastGoodTable.CohortOf(database, agent) ?? "";
            if (_cohorts.Count < MostAgents)
            {
                _cohorts.TryAdd(agent, cohort);
            }
        }

        if (cohort.Length == 0)
        {
            return null;
        }

        NoteAgent(agent, cohort);
        return Read(cohort);
    }

    /// <summary>The last configuration of a cohort that had all in it; null where there is none.</summary>
    public CompiledConfig? WholeOf(string cohort) => LastGoodTable.Find(database, cohort) is { IsWhole: true } kept ? kept.Config : null;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Flush();
    }

    public void Flush()
    {
        lock (_writing)
        {
            var configs = _newConfigs.ToArray();
            var agents = _newAgents.ToArray();
            if (configs.Length + agents.Length == 0)
            {
                return;
            }

            try
            {
                LastGoodTable.Write(database, [.. configs.Select(item => item.Value)], [.. agents.Select(item => (item.Key, item.Value))], Today);
                // What is newer by now stays for the next time.
                Array.ForEach(configs, item => _newConfigs.TryRemove(item));
                Array.ForEach(agents, item => _newAgents.TryRemove(item));
            }
            catch (DbException exception)
            {
                // A full disk must not stop the hub: the next interval tries again.
                Log.LastGoodNotWritten(logger, exception.Message);
            }
        }
    }

    /// <summary>Who was not there for a month, and what it had.</summary>
    public void Forget()
    {
        try
        {
            LastGoodTable.Forget(database, Today - DaysKept);
        }
        catch (DbException exception)
        {
            Log.LastGoodNotWritten(logger, exception.Message);
        }
    }

    private static long DayOf(TimeProvider time) => time.GetUtcNow().ToUnixTimeSeconds() / (24 * 60 * 60);

    protected override void Round()
    {
        Flush();
        if (Today > _swept)
        {
            _swept = Today;
            Forget();
        }
    }

    private void NoteAgent(string agent, string cohort)
    {
        var today = Today;
        if (_agents.TryGetValue(agent, out var known) && known.Day == today && known.Cohort == cohort)
        {
            return;
        }

        if (_agents.Count >= MostAgents && !_agents.ContainsKey(agent))
        {
            // Who is there still asks again, and is written again.
            _agents.Clear();
        }

        _agents[agent] = (cohort, today);
        _newAgents[agent] = cohort;
    }

    private LastGoodConfig? Read(string cohort) => _read.GetOrAdd(cohort, name => LastGoodTable.Find(database, name));
}
