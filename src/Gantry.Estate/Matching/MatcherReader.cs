using Gantry.Estate.Resources;

namespace Gantry.Estate.Matching;

/// <summary>Reads the field <c>matchers</c> of a spec.</summary>
public static class MatcherReader
{
    public const int Most = 50;

    public const string Nothing = "without matchers it is for no agent; write matchers: ['collector.ID=~\".+\"'] for every agent";

    public static IReadOnlyList<AgentMatcher> Read(FieldReader spec, ResourceProblems problems)
    {
        var items = spec.FindList("matchers");
        if (items.Count > Most)
        {
            spec.Problem("matchers", $"expected at most {Most}, these are {items.Count}");
            return [];
        }

        if (items.Count == 0)
        {
            problems.Warn(spec.Find("matchers") ?? spec.Place, spec.FieldOf("matchers"), Nothing);
        }

        var matchers = new List<AgentMatcher>();
        foreach (var (item, path) in items)
        {
            if (item is not ScalarNode { IsNull: false } scalar)
            {
                problems.Add(item, path, $"expected a matcher such as env=prod, this is {item.Word}");
            }
            else if (AgentMatcher.Parse(scalar.Text, out var error) is { } matcher)
            {
                matchers.Add(matcher);
            }
            else
            {
                problems.Add(item, path, error);
            }
        }

        return matchers;
    }
}
