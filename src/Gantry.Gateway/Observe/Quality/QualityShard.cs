namespace Gantry.Gateway.Observe.Quality;

/// <summary>A shard's part of the facts that rules of the Instrumentation Score ask for. Under the shard's lock, as everything of a shard.</summary>
internal sealed class QualityShard
{
    public FactTable Facts { get; } = new();

    public MetricTable Metrics { get; } = new();

    public ValueTable Values { get; } = new();

    /// <summary>What resources say of themselves was read when they were first seen; here it is only noted that they still send.</summary>
    public void LookAt(IEnumerable<ResourceEntry> resources)
    {
        foreach (var resource in resources)
        {
            if (resource.HasSent && resource.Source.Service != 0 && resource.LookedUnixNano != resource.LastUnixNano)
            {
                resource.LookedUnixNano = resource.LastUnixNano;
                resource.Quality.AddTo(Facts, resource.Source.Service, resource.LastUnixNano);
            }
        }
    }

    /// <summary>Forgets metrics that did not come since <paramref name="beforeUnixNano"/>, once they were handed on.</summary>
    public void Expire(ulong beforeUnixNano)
    {
        if (Metrics.Expire(beforeUnixNano))
        {
            // It knows metrics by numbers that are given out again.
            Metrics.Series.Clear();
        }
    }
}
