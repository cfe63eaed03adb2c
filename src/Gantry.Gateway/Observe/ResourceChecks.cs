using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>Makes findings of what resources do not say, once a resource: every shard sees it, and after an idle quarter of an hour sees it anew. Thread-safe.</summary>
internal sealed class ResourceChecks
{
    /// <summary>Resources that are remembered; beyond it none is told any more, and what was found stands.</summary>
    private const int Max = 200_000;

    private readonly Lock _gate = new();
    private readonly HashSet<ulong> _seen = [];

    public void Check(ResourceEntry resource, FindingTable findings, ulong nowUnixNano)
    {
        if (resource.Missing.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            if (_seen.Count >= Max || !_seen.Add(SeededHash.Of(resource.Bytes)))
            {
                return;
            }
        }

        foreach (var name in resource.Missing)
        {
            findings.Add(new FindingSeen(resource.Source.Service, FindingCodes.MissingResourceAttribute, 1, name), nowUnixNano);
        }
    }
}
