using Gantry.Estate.Agents;
using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Fleet;

/// <summary>What kind of configuration an agent takes, told by what it says of itself. An operator who knows better sets telemetry.sdk.language.</summary>
internal static class AgentKinds
{
    /// <param name="name">service.name: of a collector its type ("io.opentelemetry.collector"), of an SDK the application's.</param>
    /// <param name="language">telemetry.sdk.language.</param>
    public static AgentKind Of(string name, string language) => (name, language) switch
    {
        (_, { Length: > 0 }) => AgentKind.Sdk,
        ({ Length: 0 }, _) => AgentKind.Unknown,
        ("gantry-agent", _) => AgentKind.Gantry,
        _ when name.Equals("alloy", StringComparison.OrdinalIgnoreCase) || name.Contains("grafana.alloy", StringComparison.OrdinalIgnoreCase)
            || name.Equals("grafana-alloy", StringComparison.OrdinalIgnoreCase) => AgentKind.Alloy,
        _ => AgentKind.Collector,
    };

    /// <summary>A collector tells of its host and its version. Who tells a service's name and environment and nothing else sits inside an application, as
    /// Elastic's distributions do, which leave out the language.</summary>
    public static bool IsOnlyService(AgentDescription? description) => description is { NonIdentifying.Count: 0, Identifying: { Count: > 0 } identifying }
        && identifying.TrueForAll(static pair => pair.Key is "service.name" or "service.namespace" or "deployment.environment.name" or "deployment.environment");

    public static string Word(AgentKind kind) => kind switch
    {
        AgentKind.Collector => "collector",
        AgentKind.Alloy => "alloy",
        AgentKind.Sdk => "sdk",
        AgentKind.Gantry => "gantry",
        _ => "unknown",
    };
}
