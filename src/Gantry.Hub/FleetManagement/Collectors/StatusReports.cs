using Gantry.Estate.Configurations;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>Takes what a collector tells of its configuration. The status has no hash of its own: the request's hash says which configuration is meant.</summary>
internal static class StatusReports
{
    private const int LongestHash = 128;

    /// <param name="desired">What it should run now; null when it is left alone.</param>
    /// <returns>A refusal that was not known yet; null when there is none.</returns>
    public static ConfigMark? Take_NeedsLock(CollectorState collector, GetConfigRequest request, CompiledConfig? desired, DateTimeOffset now)
    {
        var progress = collector.Progress;
        if (request.RemoteConfigStatus is not { Status: not RemoteConfigStatuses.Unset } status)
        {
            return null;
        }

        progress.TellsStatus = true;
        var hash = request.Hash.Length > LongestHash ? "" : request.Hash;
        if (status.Status == RemoteConfigStatuses.Applied && hash.Length > 0)
        {
            if (progress.Failed?.Hash == hash && progress.Unreachable is not null && request.EffectiveConfig is null)
            {
                // After an outage Alloy says "applied" to the first answer that changes nothing, also of what it could not load before.
                (progress.Unreachable, collector.Dirty) = (null, true);
                return null;
            }

            Applied(collector, hash, desired, now);
            return null;
        }

        return status.Status == RemoteConfigStatuses.Failed ? Failed(collector, hash, status.ErrorMessage, now) : null;
    }

    private static void Applied(CollectorState collector, string hash, CompiledConfig? desired, DateTimeOffset now)
    {
        var progress = collector.Progress;
        progress.Unreachable = null;
        progress.Failed = progress.Failed?.Hash == hash ? null : progress.Failed;
        progress.Applied = progress.Applied?.Hash == hash ? progress.Applied : new ConfigMark(hash, now);
        progress.AppliedConfig = progress.OfferedConfig?.Hash == hash ? progress.OfferedConfig
            : desired?.Hash == hash ? desired
            : progress.AppliedConfig;
        collector.Dirty = true;
    }

    private static ConfigMark? Failed(CollectorState collector, string hash, string message, DateTimeOffset now)
    {
        var progress = collector.Progress;
        collector.Dirty = true;
        if (FailureText.IsOfTransport(message))
        {
            progress.Unreachable = new ConfigMark("", now, FailureText.Keep(message));
            return null;
        }

        // Without a hash it speaks of the first that it got.
        hash = hash.Length > 0 ? hash : progress.Offered?.Hash ?? "";
        if (hash.Length == 0 || progress.Failed?.Hash == hash)
        {
            return null;
        }

        progress.Failed = new ConfigMark(hash, now, FailureText.Keep(message));
        progress.Applied = progress.Applied?.Hash == hash ? null : progress.Applied;
        return progress.Failed;
    }
}
