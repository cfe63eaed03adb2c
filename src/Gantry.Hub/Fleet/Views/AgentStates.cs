using Gantry.Protocol.OpAmp;

namespace Gantry.Hub.Fleet.Views;

/// <summary>Where an agent stands on the way from wanted to in effect, in one word.</summary>
internal static class AgentStates
{
    public const string Unmanaged = "unmanaged";
    public const string Pending = "pending";
    public const string Offered = "offered";
    public const string Applying = "applying";
    public const string Applied = "applied";
    public const string InEffect = "in-effect";
    public const string Drifted = "drifted";
    public const string Failed = "failed";
    public const string RolledBack = "rolled-back";
    public const string NoAnswer = "no-answer";

    /// <summary>It has it, and its version never says more: Alloy before 1.12.</summary>
    public const string Received = "received";

    /// <summary>An operator switched it off, and it runs nothing: collectors of the Fleet Management API.</summary>
    public const string Disabled = "disabled";

    public static IReadOnlyList<string> All { get; } = [Unmanaged, Pending, Offered, Applying, Applied, InEffect, Drifted, Failed, RolledBack, NoAnswer, Received, Disabled];

    /// <param name="applyWithin">After so long without an answer, it is none.</param>
    public static string Of(AgentState agent, DateTimeOffset now, TimeSpan applyWithin)
    {
        if (agent.Config is not { Desired: { } desired } config || !agent.Capabilities.HasFlag(AgentCapabilities.AcceptsRemoteConfig))
        {
            return Unmanaged;
        }

        if (config.IsRejected(desired.Hash))
        {
            return config.RolledBack ? RolledBack : Failed;
        }

        if (config.HasDesired && config.Status == RemoteConfigState.Applied)
        {
            return config.Differences switch { null => Applied, { Count: 0 } => InEffect, _ => Drifted };
        }

        if (config.HasDesired)
        {
            return now - config.ReceivedAt > applyWithin ? NoAnswer : Applying;
        }

        if (config.Offered?.AsSpan().SequenceEqual(desired.Hash) != true)
        {
            return Pending;
        }

        if (!agent.Capabilities.HasFlag(AgentCapabilities.ReportsRemoteConfig))
        {
            // It cannot say what became of it; what it runs may.
            return config.Differences is { Count: 0 } ? InEffect : Offered;
        }

        return now - config.OfferedAt > applyWithin ? NoAnswer : Offered;
    }

    /// <summary>When it came into that state; null where nobody can tell.</summary>
    public static DateTimeOffset? Since(AgentState agent, string state, TimeSpan applyWithin)
    {
        if (agent.Config is not { Desired: { } desired } config)
        {
            return null;
        }

        return state switch
        {
            Pending => config.DesiredAt,
            Offered => config.OfferedAt,
            Applying => config.ReceivedAt,
            Applied => config.AppliedAt,
            InEffect => config.InEffectAt ?? config.AppliedAt,
            Drifted => agent.EffectiveAt ?? config.AppliedAt,
            Failed or RolledBack => config.Rejected.Find(item => item.Hash.AsSpan().SequenceEqual(desired.Hash))?.At,
            NoAnswer => (config.HasDesired ? config.ReceivedAt : config.OfferedAt) + applyWithin,
            _ => null,
        };
    }
}
