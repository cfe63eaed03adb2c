using Gantry.Testing;
using Gantry.Testing.Otlp;

namespace Gantry.Gateway.Tests.Metrics;

/// <summary>Points that a sink received, read by the official parser.</summary>
internal sealed record Exported(string Name, int Temporality, string Service, IReadOnlyDictionary<string, string> Labels, ulong Start, ulong Time)
{
    public ulong Count { get; init; }

    public double Sum { get; init; }

    public IReadOnlyList<ulong> Buckets { get; init; } = [];

    public ExponentialHistogramDataPoint? Exponential { get; init; }

    public IReadOnlyList<Exemplar> Exemplars { get; init; } = [];

    public string Gateway => Labels["collector.instance.id"];

    /// <summary>What makes it a series.</summary>
    public string Series => $"{Name} {Service} {string.Join('|', Labels.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}";

    /// <summary>Request by request.</summary>
    public static List<List<Exported>> In(OtlpSink sink) =>
        [.. sink.Requests.Where(request => request.Path == "/v1/metrics").Select(request => Read(ExportMetricsServiceRequest.Parser.ParseFrom(request.Body)))];

    private static List<Exported> Read(ExportMetricsServiceRequest request)
    {
        var points = new List<Exported>();
        foreach (var resource in request.ResourceMetrics)
        {
            var service = Text(resource.Resource.Attributes)["service.name"];
            Assert.Equal("gantry.gateway", Assert.Single(resource.ScopeMetrics).Scope.Name);
            points.AddRange(resource.ScopeMetrics[0].Metrics.SelectMany(metric => Read(metric, service)));
        }

        return points;
    }

    private static IEnumerable<Exported> Read(Metric metric, string service) => metric.DataCase switch
    {
        Metric.DataOneofCase.Sum => metric.Sum.DataPoints.Select(point =>
        {
            Assert.True(metric.Sum.IsMonotonic);
            return new Exported(metric.Name, (int)metric.Sum.AggregationTemporality, service, Text(point.Attributes), point.StartTimeUnixNano, point.TimeUnixNano)
            {
                Count = (ulong)point.AsInt,
                Exemplars = point.Exemplars,
            };
        }),
        Metric.DataOneofCase.Histogram => metric.Histogram.DataPoints.Select(point =>
        {
            Assert.Equal("s", metric.Unit);
            Assert.Equal(point.Count, point.BucketCounts.Aggregate(0UL, (sum, count) => sum + count));
            Assert.Equal([0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10], point.ExplicitBounds);
            return new Exported(metric.Name, (int)metric.Histogram.AggregationTemporality, service, Text(point.Attributes), point.StartTimeUnixNano, point.TimeUnixNano)
            {
                Count = point.Count,
                Sum = point.Sum,
                Buckets = point.BucketCounts,
                Exemplars = point.Exemplars,
            };
        }),
        Metric.DataOneofCase.ExponentialHistogram => metric.ExponentialHistogram.DataPoints.Select(point => new Exported(
            metric.Name, (int)metric.ExponentialHistogram.AggregationTemporality, service, Text(point.Attributes), point.StartTimeUnixNano, point.TimeUnixNano)
        {
            Count = point.Count,
            Sum = point.Sum,
            Exponential = point,
            Exemplars = point.Exemplars,
        }),
        _ => throw new InvalidDataException($"{metric.Name} is a {metric.DataCase}"),
    };

    private static Dictionary<string, string> Text(IEnumerable<KeyValue> attributes) => attributes.ToDictionary(pair => pair.Key, pair => pair.Value.StringValue);
}
