using Gantry.Estate.Matching;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines;

/// <summary>
/// An <c>AgentGroup</c> resource, read: names some agents once, and sets attributes on them. Pipelines then choose agents by <c>group.NAME=true</c> or by
/// those attributes, with the one mechanism that there is. Groups do not see what other groups set, so there is no order among them to know.
/// </summary>
/// <param name="Priority">Where two groups set one attribute, the higher one goes first; of two alike, the one whose name comes first.</param>
public sealed record AgentGroup(string Name, IReadOnlyList<AgentMatcher> Matchers, IReadOnlyDictionary<string, string> Attributes, int Priority);

/// <summary>
/// Reads the spec of an <c>AgentGroup</c>:
/// <code>
/// matchers: ['host.name=~"edge-.*"']
/// attributes: {tier: edge}
/// priority: 0
/// </code>
/// </summary>
public static class AgentGroupReader
{
    private const int MostAttributes = 100;

    private const int LongestName = 100;

    private const int LongestValue = 1024;

    public static ResourceKind Kind { get; } = new("AgentGroup", "agentgroups", Read, model => Summary((AgentGroup)model));

    private static AgentGroup? Read(string name, FieldReader spec, ResourceProblems problems)
    {
        var before = problems.All.Count;
        var matchers = MatcherReader.Read(spec, problems);
        foreach (var matcher in matchers.Where(matcher => matcher.Name.StartsWith(AgentAttributes.Group, StringComparison.Ordinal)))
        {
            spec.Problem("matchers", $"{matcher} asks for a group; groups do not see each other, write that group's own matchers");
        }

        var attributes = new Dictionary<string, string>();
        if (spec.FindMapping("attributes") is { } reader)
        {
            foreach (var (key, value) in ((MappingNode)reader.Place).Fields)
            {
                Attribute(key, value, reader.FieldOf(key.Text), attributes, problems);
            }
        }

        var priority = spec.FindInteger("priority", -1000, 1000) ?? 0;
        spec.Done();
        return problems.All.Count == before ? new AgentGroup(name, matchers, attributes, priority) : null;
    }

    private static void Attribute(ScalarNode key, Node value, string path, Dictionary<string, string> attributes, ResourceProblems problems)
    {
        if (key.Text.Length is 0 or > LongestName || key.Text.Any(char.IsControl))
        {
            problems.Add(key, path, $"expected a name of 1 to {LongestName} characters");
        }
        else if (key.Text.StartsWith(AgentAttributes.Facts, StringComparison.Ordinal) || key.Text.StartsWith(AgentAttributes.Group, StringComparison.Ordinal))
        {
            problems.Add(key, path, "collector.* and group.* are facts that nobody sets; choose another name");
        }
        else if (value is not ScalarNode { IsNull: false } scalar || scalar.Text.Length > LongestValue)
        {
            problems.Add(value, path, $"expected text of at most {LongestValue} characters");
        }
        else if (attributes.Count >= MostAttributes || !attributes.TryAdd(key.Text, scalar.Text))
        {
            problems.Add(key, path, attributes.Count >= MostAttributes ? $"expected at most {MostAttributes} attributes" : "is there twice; keep one of the two");
        }
    }

    private static string Summary(AgentGroup group)
    {
        var matchers = group.Matchers.Count == 0 ? "no agent" : string.Join(", ", group.Matchers);
        return group.Attributes.Count == 0 ? matchers : $"{matchers}: {string.Join(", ", group.Attributes.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => $"{item.Key}={item.Value}"))}";
    }
}
