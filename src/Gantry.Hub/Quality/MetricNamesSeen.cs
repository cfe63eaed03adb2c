namespace Gantry.Hub.Quality;

/// <summary>Units and bounds of each metric's name over all services, within 14 days: two rules ask for them to be the same everywhere.</summary>
internal sealed class MetricNamesSeen
{
    /// <summary>Of MET-003 and MET-004.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(14);

    private readonly Dictionary<string, Seen> _names = new(StringComparer.Ordinal);

    public MetricNamesSeen(IEnumerable<QualityCopy> services, DateTimeOffset from)
    {
        foreach (var service in services)
        {
            foreach (var metric in service.Metrics.Where(metric => metric.Last >= from))
            {
                if (!_names.TryGetValue(metric.Variant.Name, out var seen))
                {
                    _names.Add(metric.Variant.Name, seen = new Seen());
                }

                seen.Units.TryAdd(metric.Variant.Unit, service.Key.Name);
                if (metric.Variant.Bounds != 0)
                {
                    seen.Bounds.TryAdd(metric.Variant.Bounds, (service.Key.Name, metric.Bounds));
                }
            }
        }
    }

    /// <summary>Another unit than this, and who sends it; null when it has one everywhere.</summary>
    public (string Unit, string Service)? OtherUnit(MetricVariant metric) =>
        _names.GetValueOrDefault(metric.Name) is { Units.Count: > 1 } seen
            ? seen.Units.Where(unit => unit.Key != metric.Unit).Select(unit => ((string, string)?)(unit.Key, unit.Value)).FirstOrDefault()
            : null;

    /// <summary>Other bounds than these, and who sends them.</summary>
    public (string Bounds, string Service)? OtherBounds(MetricVariant metric) =>
        metric.Bounds != 0 && _names.GetValueOrDefault(metric.Name) is { Bounds.Count: > 1 } seen
            ? seen.Bounds.Where(bounds => bounds.Key != metric.Bounds).Select(bounds => ((string, string)?)(bounds.Value.Text, bounds.Value.Service)).FirstOrDefault()
            : null;

    private sealed class Seen
    {
        public Dictionary<string, string> Units { get; } = new(StringComparer.Ordinal);

        public Dictionary<ulong, (string Service, string Text)> Bounds { get; } = [];
    }
}
