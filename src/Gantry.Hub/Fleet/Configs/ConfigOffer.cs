using System.Collections.Concurrent;
using Gantry.Estate.Configurations;
using Gantry.Hub.Rollouts;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Fleet.Configs;

/// <summary>A configuration as OpAMP carries it, made once for all agents of a cohort.</summary>
internal sealed class ConfigOffer
{
    public ConfigOffer(Assignment assignment)
    {
        (Cohort, Revision, Config) = (assignment.Cohort, assignment.Revision, assignment.Config);
        Hash = Convert.FromHexString(assignment.Config.Hash);
        var remote = new AgentRemoteConfig { Hash = Hash };
        foreach (var file in assignment.Config.Files)
        {
            remote.Map.Entries.Add(new NamedConfig { Name = file.Name, Config = new AgentConfigObject { Body = file.Body.ToArray(), ContentType = file.ContentType } });
        }

        Wire = remote.ToArray();
    }

    public string Cohort { get; }

    public long Revision { get; }

    public CompiledConfig Config { get; }

    /// <summary>What agents are told and echo: 32 bytes.</summary>
    public byte[] Hash { get; }

    /// <summary>AgentRemoteConfig.</summary>
    public byte[] Wire { get; }
}

/// <summary>The offers in use, by cohort, revision and hash. Rebuilt with each change, so that what no agent gets any more is forgotten.</summary>
internal sealed class OfferTable
{
    private readonly ConcurrentDictionary<(string Cohort, long Revision, string Hash), ConfigOffer> _offers = new();

    public ConfigOffer Of(Assignment assignment) =>
        _offers.GetOrAdd((assignment.Cohort, assignment.Revision, assignment.Config.Hash), static (_, assignment) => new ConfigOffer(assignment), assignment);

    public void KeepOnly(IReadOnlySet<ConfigOffer> used)
    {
        foreach (var (key, offer) in _offers)
        {
            if (!used.Contains(offer))
            {
                _offers.TryRemove(key, out _);
            }
        }
    }
}
