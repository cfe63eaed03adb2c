using System.Runtime.CompilerServices;
using System.Text;
using Gantry.Estate.Configurations;
using Gantry.Hub.Fleet.Views;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>
/// Where a collector stands, in the words of the fleet. Of what it runs Alloy tells the remote part alone, as the text that it loaded: so that is compared
/// byte for byte, and "own" is no fallback of a collector.
/// </summary>
internal static class CollectorStanding
{
    private static readonly ConditionalWeakTable<CompiledConfig, string> EffectiveHashes = [];

    private static readonly HashSet<string> Nothing = [EffectiveHashOf(NothingConfig.Disabled), EffectiveHashOf(NothingConfig.Unassigned)];

    /// <param name="ladder">As <see cref="CollectorLadder"/> has it.</param>
    public static Standing Of_NeedsLock(CollectorState collector, string ladder, DateTimeOffset now)
    {
        var isConnected = collector.LastSeen is not null && collector.Inactive is null;
        var state = StateOf(collector, ladder);
        return new Standing(state, Since(collector, state), isConnected, IsStale(collector, now), isConnected ? FallbackOf(collector, state) : "");
    }

    /// <summary>Hash of what the collector would show if it ran this: see <see cref="EffectiveConfigs.HashOf"/>.</summary>
    public static string EffectiveHashOf(CompiledConfig config) => EffectiveHashes.GetValue(config, static config =>
    {
        var shown = new EffectiveConfig { ConfigMap = new AgentConfigMap() };
        shown.ConfigMap.ConfigMap[""] = new AgentConfigFile { Body = Encoding.UTF8.GetBytes(ConfigOffer.TextOf(config)) };
        return EffectiveConfigs.HashOf(shown);
    });

    private static string StateOf(CollectorState collector, string ladder)
    {
        var progress = collector.Progress;
        return ladder switch
        {
            CollectorLadder.Unassigned => AgentStates.Unmanaged,
            CollectorLadder.Desired => AgentStates.Pending,
            CollectorLadder.Offered => AgentStates.Offered,
            CollectorLadder.Received => progress.TellsStatus ? AgentStates.Applying : AgentStates.Received,
            CollectorLadder.Failed => AgentStates.Failed,
            CollectorLadder.Disabled => AgentStates.Disabled,
            CollectorLadder.Stalled => IsOnItsWay(collector) ? AgentStates.NoAnswer : AgentStates.Pending,
            // It shows what it runs with the same call that says "applied", or not at all.
            _ when progress.EffectiveAt is null || progress.EffectiveAt < progress.Applied?.At => AgentStates.Applied,
            _ => Shows(collector) ? AgentStates.InEffect : AgentStates.Drifted,
        };
    }

    private static DateTimeOffset? Since(CollectorState collector, string state)
    {
        var progress = collector.Progress;
        return state switch
        {
            AgentStates.Offered => progress.Offered?.At,
            AgentStates.Received or AgentStates.Applying => progress.Received?.At,
            AgentStates.Applied or AgentStates.InEffect or AgentStates.Disabled => progress.Applied?.At,
            AgentStates.Drifted => progress.EffectiveAt,
            AgentStates.Failed => progress.Failed?.At,
            AgentStates.NoAnswer => (progress.Received?.Hash == collector.Desired?.Hash ? progress.Received?.At : progress.Offered?.At) + Lifetimes.Loading,
            _ => null,
        };
    }

    /// <summary>After what is <see cref="Fallbacks"/>: what it shows to run is another text from here than the one assigned.</summary>
    private static string FallbackOf(CollectorState collector, string state) =>
        state is AgentStates.Failed or AgentStates.NoAnswer && collector.Progress.EffectiveHash is { Length: > 0 } shown && !Nothing.Contains(shown) && !Shows(collector)
            ? Fallbacks.Last
            : "";

    /// <summary>It shows to run what it should.</summary>
    public static bool Shows(CollectorState collector) => collector.Desired is { } desired && collector.Progress.EffectiveHash == EffectiveHashOf(desired);

    private static bool IsOnItsWay(CollectorState collector) =>
        collector.Desired is { } desired && (collector.Progress.Offered?.Hash == desired.Hash || collector.Progress.Received?.Hash == desired.Hash);

    /// <summary>As for every agent, but for those that poll seldom: they are heard of as often as they poll.</summary>
    private static bool IsStale(CollectorState collector, DateTimeOffset now)
    {
        var allowed = collector.PollInterval * Lifetimes.MissedPolls;
        var fresh = Gantry.Estate.Ladder.Ladder.FreshFor;
        return now - (collector.LastSeen ?? default) > (allowed > fresh ? allowed : fresh);
    }
}
