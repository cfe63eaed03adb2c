using Gantry.Hub.Observations;

namespace Gantry.Hub.Quality;

/// <summary>The evidence of one service, copied: judging hundreds of thousands of metrics must not hold the lock.</summary>
internal sealed record QualityCopy(ServiceKey Key, string Id, IReadOnlyDictionary<string, CheckSeen> Checks, IReadOnlyList<MetricCopy> Metrics)
{
    public static List<QualityCopy> All_NeedsLock(QualityStore store) =>
        [.. store.Services_NeedsLock.Where(service => service.Checks.Count > 0).Select(service => new QualityCopy(
            service.Key,
            service.Id,
            service.Checks.ToDictionary(check => check.Key, check => check.Value.ToSeen()),
            [.. service.Metrics.Select(metric => new MetricCopy(metric.Key, metric.Value.Bounds, metric.Value.Last))]))];
}

internal readonly record struct MetricCopy(MetricVariant Variant, string Bounds, DateTimeOffset Last);
