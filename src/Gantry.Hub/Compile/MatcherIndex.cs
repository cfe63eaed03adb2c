using Gantry.Estate.Matching;

namespace Gantry.Hub.Compile;

/// <summary>
/// Finds what matches an agent without asking everything: what demands a value of an attribute (<c>team=shop</c>) is found by that value, and only the
/// rest is asked one by one. Ten thousand pipelines for a team each cost an agent some dozen questions.
/// </summary>
internal sealed class MatcherIndex<T>
    where T : class
{
    private readonly Dictionary<string, Dictionary<string, List<(T Item, IReadOnlyList<AgentMatcher> Matchers)>>> _byValue = [];
    private readonly List<(T Item, IReadOnlyList<AgentMatcher> Matchers)> _rest = [];

    public MatcherIndex(IEnumerable<T> items, Func<T, IReadOnlyList<AgentMatcher>> matchersOf)
    {
        foreach (var item in items)
        {
            var matchers = matchersOf(item);
            if (matchers.Count == 0)
            {
                continue;
            }

            Names.UnionWith(matchers.Select(matcher => matcher.Name));
            // The most telling one: an id before anything else.
            var demand = matchers.Where(matcher => matcher is { Operator: MatchOperator.Equal, Value.Length: > 0 }).OrderBy(matcher => matcher.Name == AgentAttributes.CollectorId ? 0 : 1).FirstOrDefault();
            if (demand is null)
            {
                _rest.Add((item, matchers));
                continue;
            }

            if (!_byValue.TryGetValue(demand.Name, out var values))
            {
                _byValue.Add(demand.Name, values = []);
            }

            if (!values.TryGetValue(demand.Value, out var list))
            {
                values.Add(demand.Value, list = []);
            }

            list.Add((item, matchers));
        }
    }

    /// <summary>There is nothing that could match.</summary>
    public bool IsEmpty => _byValue.Count == 0 && _rest.Count == 0;

    /// <summary>Attributes that any matcher asks for.</summary>
    public HashSet<string> Names { get; } = [];

    public IEnumerable<T> Matching(AgentAttributes agent)
    {
        foreach (var (name, values) in _byValue)
        {
            if (values.TryGetValue(agent.Find(name), out var list))
            {
                foreach (var (item, matchers) in list)
                {
                    if (agent.Satisfy(matchers))
                    {
                        yield return item;
                    }
                }
            }
        }

        foreach (var (item, matchers) in _rest)
        {
            if (agent.Satisfy(matchers))
            {
                yield return item;
            }
        }
    }
}
