using Gantry.Estate.Agents;

namespace Gantry.Estate.Matching;

/// <summary>The attributes of an agent as matchers and pipelines see them: its own, those of its groups before them, and <c>collector.*</c>, which nobody sets.</summary>
/// <param name="groups">What groups set on it, and their virtual attributes; null before groups are known.</param>
public sealed class AgentAttributes(AgentFacts agent, IReadOnlyDictionary<string, string>? groups = null)
{
    public const string CollectorId = "collector.ID";

    /// <summary>Names that begin so are facts: no group may set them.</summary>
    public const string Facts = "collector.";

    /// <summary>"group.NAME" is "true" for each agent of group NAME.</summary>
    public const string Group = "group.";

    public AgentFacts Agent { get; } = agent;

    /// <summary>"" where it is not there.</summary>
    public string Find(string name) => name switch
    {
        CollectorId => Agent.Id,
        "collector.type" => TypeOf(Agent.Kind),
        "collector.os" => Own(name) is { Length: > 0 } os ? os : Own("os.type"),
        "collector.version" => Own(name) is { Length: > 0 } version ? version : Own("service.version"),
        _ => groups is not null && groups.TryGetValue(name, out var set) ? set
            : name.StartsWith(Group, StringComparison.Ordinal) ? "" : Own(name),
    };

    /// <summary>Every name that has a value, in ordinal order.</summary>
    public IEnumerable<string> Names => Agent.Attributes.Keys.Where(name => !name.StartsWith(Group, StringComparison.Ordinal))
        .Concat(groups?.Keys ?? []).Concat([CollectorId, "collector.type", "collector.os", "collector.version"])
        .Distinct().Where(name => Find(name).Length > 0).Order(StringComparer.Ordinal);

    /// <summary>All of them hold. None at all: nothing holds.</summary>
    public bool Satisfy(IReadOnlyList<AgentMatcher> matchers) => matchers.Count > 0 && FirstMismatch(matchers) is null;

    /// <returns>Null when all hold.</returns>
    public AgentMatcher? FirstMismatch(IReadOnlyList<AgentMatcher> matchers)
    {
        foreach (var matcher in matchers)
        {
            if (!matcher.Accepts(Find(matcher.Name)))
            {
                return matcher;
            }
        }

        return null;
    }

    /// <summary>The words of Fleet Management, and ours.</summary>
    private static string TypeOf(AgentKind kind) => kind switch
    {
        AgentKind.Collector => "otel",
        AgentKind.Alloy => "alloy",
        AgentKind.Sdk => "sdk",
        AgentKind.Gantry => "gantry",
        _ => "",
    };

    private string Own(string name) => Agent.Attributes.TryGetValue(name, out var value) ? value : "";
}
