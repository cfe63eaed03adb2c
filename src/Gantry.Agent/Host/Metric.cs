namespace Gantry.Agent.Host;

internal enum MetricKind
{
    Gauge,

    /// <summary>Only grows, since the host booted.</summary>
    Counter,

    /// <summary>A sum that may also shrink: bytes in use, processes.</summary>
    UpDownCounter,
}

/// <summary>What a metric is. Compared by reference: each exists once, beside the reader that fills it.</summary>
internal sealed class Metric(string name, string unit, MetricKind kind, string description)
{
    public string Name { get; } = name;

    public string Unit { get; } = unit;

    public MetricKind Kind { get; } = kind;

    public string Description { get; } = description;
}

internal readonly record struct Tag(string Key, string Value);

/// <summary>Attributes that many points share, made once.</summary>
/// <param name="StartUnixNano">When a sum that carries them began.</param>
internal sealed record PointLabels(Tag[] Tags, ulong StartUnixNano);

/// <summary>One value. Five attributes are the most that any of the host has; an unused one has no key. <see cref="Labels"/> come before them.</summary>
internal readonly record struct MetricPoint(Metric Metric, bool IsInteger, long Integer, double Number, Tag A, Tag B, Tag C, Tag D, Tag E)
{
    public PointLabels? Labels { get; init; }

    public double Value => IsInteger ? Integer : Number;
}
