namespace Gantry.Estate.Agents;

/// <summary>What kind of configuration an agent can take.</summary>
public enum AgentKind
{
    /// <summary>It did not say; it is offered nothing.</summary>
    Unknown,

    /// <summary>An OpenTelemetry Collector, under a supervisor: collector YAML.</summary>
    Collector,

    /// <summary>Grafana Alloy: Alloy syntax.</summary>
    Alloy,

    /// <summary>An SDK inside an application: settings of its language's distribution.</summary>
    Sdk,

    /// <summary>Gantry's own agent.</summary>
    Gantry,
}

/// <summary>What is known of an agent that decides its configuration, and nothing else: agents with equal facts but their id share a cohort.</summary>
/// <param name="Id">A UUID in its usual form for OpAMP; whatever the collector calls itself for Alloy. Matched as <c>collector.ID</c>.</param>
/// <param name="Attributes">Reported, then identifying, then set by operators: the later one goes first where a name is there twice; only
/// <c>collector.*</c> nobody can set. What is not there matches as "".</param>
/// <param name="ComponentsHash">Hash of the components that its build has, in hexadecimal; "" when it never said.</param>
public sealed record AgentFacts(string Id, string Name, AgentKind Kind, IReadOnlyDictionary<string, string> Attributes, string ComponentsHash = "");
