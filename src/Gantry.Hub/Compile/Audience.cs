using System.Runtime.InteropServices;
using Gantry.Estate.Agents;
using Gantry.Estate.Matching;
using Gantry.Estate.Pipelines;

namespace Gantry.Hub.Compile;

/// <summary>The agents that a pipeline's matchers hold for at one moment, whether it is enabled or not. The editor asks while somebody types, so 100,000 agents
/// take milliseconds (<c>MatchCountTests</c>).</summary>
internal sealed class Audience
{
    private const string Kind = "collector.type";
    private const string Version = "collector.version";
    private const byte No = 1;
    private const byte Yes = 2;

    private readonly FleetColumns _fleet;
    private readonly bool[] _hits;

    private Audience(FleetColumns fleet, bool[] hits) => (_fleet, _hits) = (fleet, hits);

    public int Count => _hits.Count(static hit => hit);

    /// <param name="index">Null where the estate cannot be read: then there are no groups.</param>
    public static Audience Of(Pipeline pipeline, EstateIndex? index, AgentColumns agents)
    {
        var setters = pipeline.Matchers.ToDictionary(matcher => matcher, matcher => index?.SettersOf(matcher.Name) ?? []);
        var fleet = agents.Read([
            .. pipeline.Matchers.Concat(setters.Values.SelectMany(list => list).SelectMany(setter => setter.Group.Matchers)).Select(matcher => matcher.Name), Kind, Version, AgentColumns.Components]);
        var audience = new Audience(fleet, new bool[fleet.Agents.Length]);
        if (pipeline.Matchers.Count == 0)
        {
            return audience;
        }

        audience.KeepKind(new AgentAttributes(new AgentFacts("", "", pipeline.Kind, new Dictionary<string, string>())).Find(Kind));
        // Comparing first, so that expressions are asked of fewer values.
        foreach (var matcher in pipeline.Matchers.OrderBy(matcher => matcher.Operator is MatchOperator.Matches or MatchOperator.MatchesNot))
        {
            audience.Keep(matcher, setters[matcher]);
        }

        return audience;
    }

    /// <summary>By what is built into them, with how many there are of each and one of them.</summary>
    public IReadOnlyList<(string Version, string Components, int Agents, AgentFacts Example)> Builds()
    {
        var (versions, components) = (_fleet.Columns[Version], _fleet.Columns[AgentColumns.Components]);
        var builds = new Dictionary<(int, int), (int Agents, AgentFacts Example)>();
        for (var i = 0; i < _hits.Length; i++)
        {
            if (_hits[i])
            {
                ref var build = ref CollectionsMarshal.GetValueRefOrAddDefault(builds, (versions.Numbers[i], components.Numbers[i]), out var isKnown);
                build = (build.Agents + 1, isKnown ? build.Example : _fleet.Agents[i]);
            }
        }

        return [.. builds.Select(build => (versions.Values[build.Key.Item1], components.Values[build.Key.Item2], build.Value.Agents, build.Value.Example))];
    }

    private void Keep(AgentMatcher matcher, IReadOnlyList<(AgentGroup Group, string Value)> setters)
    {
        if (setters.Count == 0)
        {
            Keep(matcher, _hits);
            return;
        }

        var accepted = (bool[])_hits.Clone();
        Keep(matcher, accepted);
        // The group that goes first speaks last.
        foreach (var (group, value) in setters.Reverse())
        {
            var members = (bool[])_hits.Clone();
            foreach (var condition in group.Matchers)
            {
                Keep(condition, members);
            }

            var holds = group.Matchers.Count > 0 && matcher.Accepts(value);
            for (var i = 0; i < members.Length; i++)
            {
                accepted[i] = members[i] && group.Matchers.Count > 0 ? holds : accepted[i];
            }
        }

        accepted.CopyTo(_hits, 0);
    }

    /// <summary>Takes out those whose value is not accepted. Each value is asked once, and only when one that is still in has it.</summary>
    private void Keep(AgentMatcher matcher, bool[] hits)
    {
        var column = _fleet.Columns[matcher.Name];
        var answers = column.AnswersTo($"{matcher}");
        for (var i = 0; i < hits.Length; i++)
        {
            if (hits[i])
            {
                ref var answer = ref answers[column.Numbers[i]];
                if (answer == 0)
                {
                    answer = matcher.Accepts(column.Values[column.Numbers[i]]) ? Yes : No;
                }

                hits[i] = answer == Yes;
            }
        }
    }

    private void KeepKind(string kind)
    {
        var column = _fleet.Columns[Kind];
        var wanted = Array.IndexOf(column.Values, kind);
        for (var i = 0; i < _hits.Length; i++)
        {
            _hits[i] = column.Numbers[i] == wanted;
        }
    }
}
