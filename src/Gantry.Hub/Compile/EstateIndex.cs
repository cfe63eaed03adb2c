using System.Collections.Concurrent;
using System.Text;
using Gantry.Estate.Agents;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Matching;
using Gantry.Estate.Packages;
using Gantry.Estate.Pipelines;
using Gantry.Hub.Estate;
using Gantry.Hub.Rollouts;

namespace Gantry.Hub.Compile;

/// <summary>One state of the estate, ready to say which cohort an agent is of.</summary>
internal sealed class EstateIndex
{
    /// <summary>Of answers kept; beyond it they are worked out each time.</summary>
    private const int MostAnswers = 150_000;

    // Since this version a collector calls the exporters of destinations by their new names.
    private static readonly string NewNamesSince = ComponentRenames.Find("exporters", "otlp_http")!.Since;

    private readonly Dictionary<AgentKind, MatcherIndex<Pipeline>> _pipelines;
    private readonly MatcherIndex<AgentGroup> _groups;
    private readonly ILookup<string, (AgentGroup Group, string Value)> _setters;
    private readonly Dictionary<AgentKind, string[]> _asked = [];
    private readonly HashSet<AgentKind> _needAll = [];
    private readonly MatcherIndex<Package> _packages;
    private readonly ConcurrentDictionary<string, PackageSet> _packageSets = new();
    private readonly ConcurrentDictionary<string, Cohort> _answers = new();
    private readonly ConcurrentDictionary<string, Cohort> _cohorts = new();
    private int _count;

    public EstateIndex(EstateContent content)
    {
        Content = content;
        All = [.. Models<Pipeline>(content, PipelineReader.Kind), .. Models<Pipeline>(content, InstrumentationReader.Kind)];
        _pipelines = All.Where(pipeline => pipeline.Enabled).GroupBy(pipeline => pipeline.Kind)
            .ToDictionary(group => group.Key, group => new MatcherIndex<Pipeline>(group, pipeline => pipeline.Matchers));
        var groups = Models<AgentGroup>(content, AgentGroupReader.Kind).ToList();
        _groups = new MatcherIndex<AgentGroup>(groups, group => group.Matchers);
        _setters = groups.OrderByDescending(group => group.Priority).ThenBy(group => group.Name, StringComparer.Ordinal)
            .SelectMany(group => group.Attributes.Prepend(new KeyValuePair<string, string>(AgentAttributes.Group + group.Name, "true")).Select(set => (Group: group, Set: set)))
            .Where(item => !item.Set.Key.StartsWith(AgentAttributes.Facts, StringComparison.Ordinal))
            .ToLookup(item => item.Set.Key, item => (item.Group, item.Set.Value));
        // An agent deletes what an offer leaves out: with one that cannot be read, there is no offer.
        var isWhole = content.OfKind(PackageReader.Kind).All(resource => resource.Document is not null);
        _packages = new MatcherIndex<Package>(isWhole ? Models<Package>(content, PackageReader.Kind) : [], package => package.Matchers);
        foreach (var (kind, index) in _pipelines)
        {
            var injected = All.Where(pipeline => pipeline.Kind == kind && pipeline.Enabled).Select(pipeline => pipeline.Contents).OfType<AlloyContents>().ToList();
            _asked[kind] = [.. index.Names.Concat(_groups.Names).Concat(injected.SelectMany(contents => contents.Uses.Attributes)).Append("collector.version").Distinct().Order(StringComparer.Ordinal)];
            if (injected.Exists(contents => contents.Uses.AllAttributes))
            {
                _needAll.Add(kind);
            }
        }
    }

    public EstateContent Content { get; }

    public IReadOnlyList<Pipeline> All { get; }

    public Destination? Destination(string name) => Content.Find(DestinationReader.Kind, name)?.Document?.Model as Destination;

    /// <summary>What it is called by its groups too.</summary>
    public AgentAttributes AttributesOf(AgentFacts agent)
    {
        var plain = new AgentAttributes(agent);
        var set = new Dictionary<string, string>();
        foreach (var group in GroupsOf(plain))
        {
            set[AgentAttributes.Group + group.Name] = "true";
            foreach (var (name, value) in group.Attributes)
            {
                set.TryAdd(name, value);
            }
        }

        return set.Count == 0 ? plain : new AgentAttributes(agent, set);
    }

    /// <summary>Groups that say something of this attribute, and what; the one that goes first comes first. Empty where an agent's own word is the last.</summary>
    public IReadOnlyList<(AgentGroup Group, string Value)> SettersOf(string name) => [.. _setters[name]];

    /// <summary>The one that goes first comes first.</summary>
    public IReadOnlyList<AgentGroup> GroupsOf(AgentAttributes plain) =>
        [.. _groups.Matching(plain).OrderByDescending(group => group.Priority).ThenBy(group => group.Name, StringComparer.Ordinal)];

    public Cohort CohortOf(AgentFacts agent)
    {
        if (!_asked.TryGetValue(agent.Kind, out var names) || _needAll.Contains(agent.Kind))
        {
            return Find(agent);
        }

        var key = KeyOf(agent, names);
        if (_answers.TryGetValue(key, out var known))
        {
            return known;
        }

        var cohort = Find(agent);
        if (Volatile.Read(ref _count) < MostAnswers && _answers.TryAdd(key, cohort))
        {
            Interlocked.Increment(ref _count);
        }

        return cohort;
    }

    /// <returns>Null: none is for it.</returns>
    public PackageSet? PackagesOf(AgentFacts agent)
    {
        // Nearly all fleets: nobody has to look.
        if (_packages.IsEmpty)
        {
            return null;
        }

        var matching = _packages.Matching(AttributesOf(agent)).OrderBy(package => package.Name, StringComparer.Ordinal).ToList();
        return matching.Count == 0 ? null : _packageSets.GetOrAdd(string.Join('\n', matching.Select(package => package.Name)), static (_, packages) => PackageSet.Of(packages), matching);
    }

    private static IEnumerable<T> Models<T>(EstateContent content, Gantry.Estate.Resources.ResourceKind kind) => content.OfKind(kind).Select(resource => resource.Document?.Model).OfType<T>();

    /// <summary>Everything that the answer depends on. Agents of one key are of one cohort.</summary>
    private static string KeyOf(AgentFacts agent, string[] names)
    {
        var plain = new AgentAttributes(agent);
        var key = new StringBuilder(names.Length * 12).Append((int)agent.Kind);
        foreach (var name in names)
        {
            var value = plain.Find(name);
            key.Append('|').Append(value.Length).Append(':').Append(value);
        }

        return key.ToString();
    }

    private Cohort Find(AgentFacts agent)
    {
        var attributes = AttributesOf(agent);
        var matching = _pipelines.TryGetValue(agent.Kind, out var index) ? index.Matching(attributes).ToList() : [];
        var uses = matching.Select(pipeline => pipeline.Contents).OfType<AlloyContents>().Select(contents => contents.Uses).ToList();
        var names = uses.Exists(use => use.AllAttributes) ? attributes.Names : uses.SelectMany(use => use.Attributes).Distinct();
        var cohort = Cohort.Of(agent.Kind, matching, names.ToDictionary(name => name, attributes.Find), NewNames(matching, attributes));
        return _cohorts.Count < MostAnswers ? _cohorts.GetOrAdd(cohort.Name, cohort) : cohort;
    }

    private static bool NewNames(List<Pipeline> matching, AgentAttributes attributes) =>
        matching.Exists(pipeline => pipeline.Contents is CollectorContents { Config.Destinations.Count: > 0 })
        && ComponentRenames.Has(attributes.Find("collector.version"), NewNamesSince) == true;
}
