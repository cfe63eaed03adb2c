namespace Gantry.Gateway.Metrics;

/// <summary>What a point says: all since its series began, or what is new since the last one that was accepted.</summary>
public enum MetricsTemporality
{
    /// <summary>AGGREGATION_TEMPORALITY_CUMULATIVE, as Prometheus has it.</summary>
    Cumulative,

    /// <summary>AGGREGATION_TEMPORALITY_DELTA.</summary>
    Delta,
}

public enum MetricsHistogram
{
    /// <summary>The bounds that the semantic conventions advise: 5 ms to 10 s.</summary>
    Explicit,

    /// <summary>ExponentialHistogram of scale 2: four buckets to a doubling, 1 µs to 13 days.</summary>
    Exponential,
}

/// <summary>Settings of the metrics that the gateway makes of what it sees.</summary>
public sealed record MetricsOptions
{
    /// <summary>Send them as OTLP to the destinations. Default true; without a destination it means nothing. The Prometheus endpoint is there in any case.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Between two exports. Default 15 s; 1 s to 1 h.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Of what is sent as OTLP; the Prometheus endpoint is always cumulative. Default cumulative.</summary>
    public MetricsTemporality Temporality { get; init; } = MetricsTemporality.Cumulative;

    /// <summary>Of what is sent as OTLP; the Prometheus endpoint always has explicit buckets. Default explicit.</summary>
    public MetricsHistogram Histogram { get; init; } = MetricsHistogram.Explicit;

    /// <summary>A series that counted nothing for this long is forgotten. Default 15 min; 5 min to 24 h.</summary>
    public TimeSpan SeriesExpiry { get; init; } = TimeSpan.FromMinutes(15);

    internal bool IsDelta => Enabled && Temporality == MetricsTemporality.Delta;

    internal bool IsExponential => Enabled && Histogram == MetricsHistogram.Exponential;

    /// <summary>Every problem, each naming the key, the value and what is accepted; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (Interval < TimeSpan.FromSeconds(1) || Interval > TimeSpan.FromHours(1))
        {
            yield return $"--metrics-interval {Interval.TotalSeconds}: expected 1 to 3600 seconds, or 0 to send none";
        }

        // Requests that are under way must be over before what they found is forgotten.
        if (SeriesExpiry < TimeSpan.FromMinutes(5) || SeriesExpiry > TimeSpan.FromHours(24))
        {
            yield return $"Metrics.SeriesExpiry {SeriesExpiry}: expected 00:05:00 to 1.00:00:00";
        }
    }
}
