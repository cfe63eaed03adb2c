namespace Gantry.Estate.Matching;

/// <summary>What can be told of lists of matchers without knowing any agent.</summary>
public static class MatcherSets
{
    /// <summary>Whether one agent may satisfy both. Told by attributes that one of them demands a value of; where that says nothing, they may.</summary>
    public static bool CanMeet(IReadOnlyList<AgentMatcher> a, IReadOnlyList<AgentMatcher> b) => a.Count > 0 && b.Count > 0 && !Excludes(a, b) && !Excludes(b, a);

    private static bool Excludes(IReadOnlyList<AgentMatcher> demands, IReadOnlyList<AgentMatcher> others) => demands.Where(demand => demand.Operator == MatchOperator.Equal)
        .Any(demand => others.Any(other => other.Name == demand.Name && !other.Accepts(demand.Value)));

    /// <summary>Every agent that satisfies <paramref name="narrow"/> surely satisfies <paramref name="wide"/>: each matcher of that one holds by one of these.</summary>
    public static bool Covers(IReadOnlyList<AgentMatcher> wide, IReadOnlyList<AgentMatcher> narrow) => wide.Count > 0 && wide.All(need =>
        narrow.Any(has => has.Name == need.Name && (has.ToString() == need.ToString() || (has.Operator == MatchOperator.Equal && need.Accepts(has.Value)))));
}
