using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Fleet.Views;

/// <summary>The steps of one agent from wanted to in effect, and its health by component.</summary>
internal static class AgentLadder
{
    private const int MostComponents = 1_000;

    public static IReadOnlyList<AgentStep> Of(AgentState agent, DateTimeOffset now, TimeSpan applyWithin)
    {
        if (agent.Config is not { Desired: { } desired } config)
        {
            return [.. new[] { "desired", "offered", "received", "applied", "in-effect" }.Select(name => new AgentStep(name, "unknown", null, "", ""))];
        }

        var hash = desired.Config.Hash;
        var state = AgentStates.Of(agent, now, applyWithin);
        var isOffered = config.HasDesired || config.Offered?.AsSpan().SequenceEqual(desired.Hash) == true;
        var isFailed = state is AgentStates.Failed or AgentStates.RolledBack;
        var isApplied = config.HasDesired && config.Status == RemoteConfigState.Applied;
        var reported = Convert.ToHexStringLower(config.LastHash);
        return
        [
            new AgentStep("desired", "done", config.DesiredAt, hash, $"revision {desired.Revision} of {desired.Cohort}"),
            new AgentStep("offered", isOffered ? "done" : isFailed ? "failed" : "waiting", config.OfferedAt, isOffered ? hash : "", Offered(agent, config)),
            new AgentStep("received", config.HasDesired ? "done" : isFailed ? "failed" : state == AgentStates.NoAnswer ? "failed" : "waiting", config.ReceivedAt, reported, config.Status.ToString()),
            new AgentStep("applied", isApplied ? "done" : isFailed || state == AgentStates.NoAnswer ? "failed" : "waiting", config.AppliedAt, Convert.ToHexStringLower(config.LastApplied), config.Message),
            new AgentStep(
                "in-effect",
                config.Differences switch { null => "unknown", { Count: 0 } => "done", _ => isApplied ? "failed" : "waiting" },
                config.InEffectAt, "", config.Differences is { Count: > 0 } paths ? $"differs: {string.Join(", ", paths)}" : ""),
        ];
    }

    /// <summary>Worst first, then by path.</summary>
    public static IReadOnlyList<ComponentRow> Components(ComponentHealth? health)
    {
        var rows = new List<ComponentRow>();
        if (health is not null)
        {
            Add(rows, "", health);
        }

        return [.. rows.OrderBy(row => row.Healthy).ThenBy(row => row.Path, StringComparer.Ordinal)];
    }

    private static string Offered(AgentState agent, ConfigState config) => (agent.Capabilities.HasFlag(AgentCapabilities.AcceptsRemoteConfig), config.Attempts) switch
    {
        (false, _) => "the agent does not accept remote configuration",
        (_, > 1 and var attempts) => $"{attempts} times",
        _ => "",
    };

    private static void Add(List<ComponentRow> rows, string path, ComponentHealth health)
    {
        if (rows.Count >= MostComponents)
        {
            return;
        }

        rows.Add(new ComponentRow(path, health.Healthy, health.Status, health.LastError, health.StartTimeUnixNano == 0 ? null : UnixTime.FromUnixNano(health.StartTimeUnixNano)));
        foreach (var part in health.Components)
        {
            Add(rows, path.Length == 0 ? part.Name : $"{path}/{part.Name}", part.Health);
        }
    }
}
