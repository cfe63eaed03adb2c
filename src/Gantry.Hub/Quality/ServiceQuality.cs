using Gantry.Hub.Observations;

namespace Gantry.Hub.Quality;

/// <summary>Evidence of one service. Guarded by the lock of the observations; it outlives the service's other state, because a score looks at 30 days.</summary>
internal sealed class ServiceQuality(ServiceKey key)
{
    public const int MaxMetrics = 2000;

    public ServiceKey Key { get; } = key;

    public string Id { get; } = key.Id;

    public bool IsNew { get; set; } = true;

    public Dictionary<string, CheckEvidence> Checks { get; } = [];

    public Dictionary<MetricVariant, MetricSeen> Metrics { get; } = [];

    public InstanceIds Instances { get; } = new();

    public DateTimeOffset LastSeen => Checks.Count == 0 ? default : Checks.Values.Max(check => check.Last);

    public CheckEvidence Check(string check, DateTimeOffset at)
    {
        if (!Checks.TryGetValue(check, out var evidence))
        {
            Checks.Add(check, evidence = new CheckEvidence { First = at });
        }

        return evidence;
    }

    public void See(string check, DateTimeOffset at, bool bad, string example = "")
    {
        var evidence = Check(check, at);
        if (bad)
        {
            evidence.SeeBad(at, example);
        }
        else
        {
            evidence.See(at);
        }
    }
}

/// <summary>A metric with one unit and one set of bounds.</summary>
/// <param name="Bounds">A hash; 0 for what is no histogram with explicit bounds.</param>
internal readonly record struct MetricVariant(string Name, string Unit, ulong Bounds);

internal sealed class MetricSeen(string bounds)
{
    /// <summary>For people.</summary>
    public string Bounds { get; } = bounds;

    public DateTimeOffset Last { get; set; }

    public bool IsDirty { get; set; } = true;
}
