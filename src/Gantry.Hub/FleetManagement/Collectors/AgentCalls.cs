using Gantry.Estate.Configurations;
using Gantry.Hub.FleetManagement.Callers;
using Gantry.Hub.FleetManagement.Connect;
using Gantry.Hub.Rollouts;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>
/// The calls of collectors themselves. Registering costs a look into memory and cannot fail for a sound id: an Alloy whose registration fails exits, with
/// its local configuration too.
/// </summary>
internal sealed class AgentCalls(CollectorStore store, IAssignments assignments, TimeProvider time, ILogger<AgentCalls> logger)
{
    // A change is followed by a second request at once, which is no poll.
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromSeconds(5);

    public Outcome<EmptyMessage> Register(RegisterCollectorRequest request, Caller caller)
    {
        if (AttributeRules.CheckId(request.Id) is { Length: > 0 } problem)
        {
            return Errors.Invalid(problem);
        }

        lock (store.Gate)
        {
            var collector = store.Speaking_NeedsLock(request.Id);
            if (request.Name.Length > 0 && request.Name != collector.Name)
            {
                collector.Name = request.Name.Length <= AttributeRules.LongestName ? request.Name : request.Name[..AttributeRules.LongestName];
                collector.Dirty = true;
            }

            store.TakeAttributes_NeedsLock(collector, AttributesOf(request.LocalAttributes, request.Attributes));
            collector.LastSeen = time.GetUtcNow();
        }

        return new EmptyMessage();
    }

    public Outcome<EmptyMessage> Unregister(IdMessage request, Caller caller)
    {
        lock (store.Gate)
        {
            if (store.Find_NeedsLock(request.Id) is { } collector)
            {
                (collector.Inactive, collector.Unregistered, collector.Dirty) = (time.GetUtcNow(), true, true);
            }
        }

        return new EmptyMessage();
    }

    public Outcome<GetConfigResponse> GetConfig(GetConfigRequest request, Caller caller)
    {
        if (AttributeRules.CheckId(request.Id) is { Length: > 0 } problem)
        {
            return Errors.Invalid(problem);
        }

        var now = time.GetUtcNow();
        var effective = request.EffectiveConfig is { } told ? EffectiveConfigs.HashOf(told) : "";
        CollectorState collector;
        bool enabled, isKnown;
        Gantry.Estate.Agents.AgentFacts facts;
        lock (store.Gate)
        {
            collector = store.Speaking_NeedsLock(request.Id);
            store.TakeAttributes_NeedsLock(collector, AttributesOf(request.LocalAttributes, request.Attributes));
            Polled(collector, now);
            (enabled, facts) = (collector.Enabled, collector.Facts);
            isKnown = effective.Length == 0 || store.Effective.Find(effective) is not null;
        }

        // Outside of the lock: a large text takes its time, and whoever decides has locks of its own.
        var text = isKnown ? null : EffectiveConfigs.TextOf(request.EffectiveConfig!);
        var desired = enabled ? assignments.Of(facts)?.Config : NothingConfig.Disabled;
        GetConfigResponse response;
        ConfigMark? refused;
        lock (store.Gate)
        {
            refused = StatusReports.Take_NeedsLock(collector, request, desired, now);
            TakeEffective(collector, effective, text, now);
            response = ConfigOffer.Answer_NeedsLock(collector, desired, request.Hash, now);
        }

        if (refused is not null)
        {
            Log.ConfigRefused(logger, collector.Id, refused.Hash, refused.Text);
        }

        return response;
    }

    /// <summary>Alloy before 1.7 sends them under the older name only.</summary>
    private static Dictionary<string, string> AttributesOf(Dictionary<string, string> local, Dictionary<string, string> deprecated) => local.Count > 0 ? local : deprecated;

    private static void Polled(CollectorState collector, DateTimeOffset now)
    {
        if (collector.LastSeen is { } before && now - before >= ShortestPoll)
        {
            collector.PollInterval = now - before;
        }

        collector.LastSeen = now;
    }

    private void TakeEffective(CollectorState collector, string hash, string? text, DateTimeOffset now)
    {
        if (hash.Length > 0 && hash != collector.Progress.EffectiveHash)
        {
            (collector.Progress.EffectiveHash, collector.Progress.EffectiveAt, collector.Dirty) = (hash, now, true);
        }

        if (text is not null)
        {
            store.Effective.Keep(hash, text);
        }
    }
}
