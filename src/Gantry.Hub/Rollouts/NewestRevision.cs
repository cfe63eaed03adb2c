using System.Collections.Concurrent;
using System.Data.Common;
using System.Threading.Channels;
using Gantry.Estate.Agents;
using Gantry.Estate.Configurations;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Packages;
using Gantry.Estate.Pipelines;
using Gantry.Hub.Compile;
using Gantry.Hub.Estate;
using Gantry.Hub.Rollouts.LastGood;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Rollouts;

/// <summary>
/// Every agent gets the newest revision of its cohort at once. An estate that cannot be read as a whole (written by another version of the hub) changes
/// nothing: each agent keeps what it was given last, also over a restart, and one that was never given anything is left alone.
/// </summary>
internal sealed class NewestRevision : BackgroundService, IAssignments
{
    private readonly ResourceStore _store;
    private readonly HubDatabase _database;
    private readonly AskedAgents _agents;
    private readonly ConfigCache _cache;
    private readonly LastGoodStore _lastGood;
    private readonly TimeProvider _time;
    private readonly ILogger<NewestRevision> _logger;
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly ConcurrentDictionary<string, Newest> _newest = new();
    private readonly Lock _building = new();
    private volatile State _state;

    public NewestRevision(ResourceStore store, HubDatabase database, AskedAgents agents, ConfigCache cache, LastGoodStore lastGood, TimeProvider time, ILogger<NewestRevision> logger)
    {
        (_store, _database, _agents, _cache, _lastGood, _time, _logger) = (store, database, agents, cache, lastGood, time, logger);
        _state = new State(-1, null);
        // First listen, then look.
        store.Changed += kind =>
        {
            if (kind == PipelineReader.Kind || kind == DestinationReader.Kind || kind == AgentGroupReader.Kind || kind == PackageReader.Kind
                || kind == InstrumentationReader.Kind)
            {
                _changes.Writer.TryWrite(true);
            }
        };
    }

    public event Action? Changed;

    /// <summary>The estate as agents are matched with it; null while it cannot be read.</summary>
    public EstateIndex? Index => Current();

    public Assignment? Of(AgentFacts agent)
    {
        _agents.Add(agent);
        if (agent.Kind == AgentKind.Unknown)
        {
            return null;
        }

        if (Current() is null)
        {
            return _lastGood.Of(agent.Id)?.ToAssignment();
        }

        if (Find(agent) is not { } found)
        {
            return null;
        }

        _lastGood.Note(agent.Id, found.Compiled, found.Assignment);
        return found.Assignment;
    }

    public PackageSet? PackagesOf(AgentFacts agent) => Current()?.PackagesOf(agent);

    /// <summary>With how it came about.</summary>
    public (Assignment Assignment, CompiledCohort Compiled)? Find(AgentFacts agent)
    {
        if (Current() is not { } index || !EverDeclared(index))
        {
            return null;
        }

        var compiled = _cache.Get(index, index.CohortOf(agent));
        var number = NumberOf(index, compiled);
        return (new Assignment(compiled.Cohort.Name, number, compiled.Config, IsNothing: compiled.Cohort.Pipelines.Count == 0), compiled);
    }

    /// <summary>Where the estate cannot be read: what the agent keeps; null where it was never given anything.</summary>
    public LastGoodConfig? Kept(AgentFacts agent) => _lastGood.Of(agent.Id);

    /// <summary>Resources that keep the estate from being read.</summary>
    public IEnumerable<StoredResource> Unreadable => Unreadables(_store.Content);

    public IReadOnlyList<ConfigRevision> Revisions(string recipe, int most) => ConfigRevisionTable.Of(_database, recipe, most);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // What waits together is told once.
            await foreach (var _ in _changes.Reader.ReadAllAsync(stoppingToken))
            {
                Current();
                Changed?.Invoke();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>A hub in which no pipeline was ever declared leaves all agents as they are.</summary>
    private bool EverDeclared(EstateIndex index)
    {
        var state = _state;
        return state.EverDeclared ??= index.All.Count > 0 || _store.Revisions(PipelineReader.Kind, most: 1).Count + _store.Revisions(InstrumentationReader.Kind, most: 1).Count > 0;
    }

    private static IEnumerable<StoredResource> Unreadables(EstateContent content) =>
        new[] { PipelineReader.Kind, DestinationReader.Kind, AgentGroupReader.Kind, InstrumentationReader.Kind }.SelectMany(content.OfKind).Where(resource => resource.Document is null);

    private EstateIndex? Current()
    {
        var content = _store.Content;
        if (_state.Version == content.Version)
        {
            return _state.Index;
        }

        lock (_building)
        {
            content = _store.Content;
            var before = _state;
            if (before.Version == content.Version)
            {
                return before.Index;
            }

            var broken = Unreadables(content).FirstOrDefault();
            if (broken is not null)
            {
                Log.EstateUnreadable(_logger, broken.Kind.Kind, broken.Name, broken.Problem);
            }

            // What was declared once is so for ever.
            _state = new State(content.Version, broken is null ? new EstateIndex(content) : before.Index) { EverDeclared = before.EverDeclared == true ? true : null };
            return _state.Index;
        }
    }

    private long NumberOf(EstateIndex index, CompiledCohort compiled)
    {
        var newest = _newest.GetOrAdd(compiled.Cohort.Recipe, static _ => new Newest());
        if (ReferenceEquals(newest.Seen, compiled.Made))
        {
            return newest.Number;
        }

        lock (newest)
        {
            if (newest.Number > 0 && newest.Seen is not null && newest.Seen.SequenceEqual(compiled.Made))
            {
                newest.Seen = compiled.Made;
                return newest.Number;
            }

            var hash = compiled.Cohort.Attributes.Count == 0 ? compiled.Config.Hash : HashOfRecipe(index, compiled);
            try
            {
                Number(index, compiled, newest, hash);
            }
            catch (DbException exception)
            {
                // The resources are durable, and give the same configuration again: a full disk does not keep it from the agents.
                newest.Number = newest.Hash == hash ? newest.Number : newest.Number + 1;
                newest.Hash = hash;
                Log.RevisionNotKept(_logger, compiled.Cohort.Recipe, newest.Number, exception.Message);
            }

            if (compiled.Problems.Count > 0)
            {
                Log.CompiledWithProblems(_logger, compiled.Cohort.Recipe, compiled.IsLastGood ? "keeps its configuration from before" : "goes without some pipelines", compiled.Problems[0].Resource, compiled.Problems[0].Message);
            }

            newest.Seen = compiled.Made;
            return newest.Number;
        }
    }

    private void Number(EstateIndex index, CompiledCohort compiled, Newest newest, string hash)
    {
        var last = newest.Hash != hash && ConfigRevisionTable.Of(_database, compiled.Cohort.Recipe, 1) is [{ } only] ? only : null;
        if (last is not null)
        {
            (newest.Number, newest.Hash) = (last.Number, last.Hash);
        }

        if (newest.Hash != hash)
        {
            newest.Number++;
            newest.Hash = hash;
            ConfigRevisionTable.Add(_database, ConfigRevisionTable.Of(compiled, newest.Number, hash, _time.GetUtcNow()), index.Content.Version);
        }
    }

    /// <summary>The same for all agents of the recipe, whatever is injected.</summary>
    private static string HashOfRecipe(EstateIndex index, CompiledCohort compiled) => ConfigCompiler.Compile(new CompileInput(
        compiled.Cohort.Kind, compiled.Cohort.Pipelines, index.Destination, new Dictionary<string, string>(), compiled.Cohort.NewNames)).Config.Hash;

    private sealed record State(long Version, EstateIndex? Index)
    {
        /// <summary>Null until somebody asks.</summary>
        public bool? EverDeclared { get; set; }
    }

    private sealed class Newest
    {
        public long Number { get; set; }

        public string Hash { get; set; } = "";

        public volatile IReadOnlyList<ResourceVersion>? Seen;
    }
}
