using System.Text;
using Gantry.Estate.Configurations;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>Decides what one poll is answered. Hash against hash: a collector that has what it should costs no content.</summary>
internal static class ConfigOffer
{
    /// <summary>Keeps the collector's own hash: nothing new, whatever it has.</summary>
    private static GetConfigResponse AsItIs => new() { NotModified = true };

    /// <param name="desired">Null: it is to be left alone.</param>
    /// <param name="hash">Of what it has; "" after its start.</param>
    public static GetConfigResponse Answer_NeedsLock(CollectorState collector, CompiledConfig? desired, string hash, DateTimeOffset now)
    {
        if (desired is null && hash.Length > 0)
        {
            return AsItIs;
        }

        var progress = collector.Progress;
        var config = desired ?? NothingConfig.Unassigned;
        if (hash == config.Hash)
        {
            if (progress.Received?.Hash != hash)
            {
                progress.Received = new ConfigMark(hash, now);
                collector.Dirty = true;
            }

            return new GetConfigResponse { Hash = hash, NotModified = true };
        }

        if (progress.Failed?.Hash == config.Hash)
        {
            if (hash.Length > 0)
            {
                return AsItIs;
            }

            // It started anew. With a bad first configuration nothing of Alloy's remote part runs, so it gets the one that it last loaded. When that is not
            // known, there is nothing to lose by another try.
            config = progress.AppliedConfig ?? config;
        }

        if (progress.Offered?.Hash != config.Hash)
        {
            collector.Dirty = true;
        }

        progress.Offered = new ConfigMark(config.Hash, now);
        progress.OfferedConfig = config;
        return new GetConfigResponse { Content = TextOf(config), Hash = config.Hash };
    }

    public static string TextOf(CompiledConfig config) => string.Concat(config.Files.Select(file => Encoding.UTF8.GetString(file.Body.Span)));
}
