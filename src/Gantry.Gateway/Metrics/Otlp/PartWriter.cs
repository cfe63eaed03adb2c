using Gantry.Gateway.Observe;
using Gantry.Gateway.Report;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Metrics.Otlp;

/// <summary>
/// Writes points as one ExportMetricsServiceRequest: a resource for each service, in it the metrics that its points have.
/// <code>
/// resource_metrics = 1 { resource = 1 { attributes = 1 }, scope_metrics = 2 { scope = 1 { name = 1, version = 2 }, metrics = 2 } }
/// Metric: name = 1, description = 2, unit = 3, sum = 7, histogram = 9, exponential_histogram = 10; each has data_points = 1,
/// aggregation_temporality = 2, and Sum is_monotonic = 3
/// </code>
/// </summary>
internal sealed class PartWriter(ProtoWriter writer, ServiceRegistry services, GatewayIdentity identity, MetricsOptions options)
{
    /// <summary>A right guess of how many bytes a length takes saves moving what follows it.</summary>
    private const int LargeLength = 3;

    private const int Delta = 1;
    private const int Cumulative = 2;

    private readonly PointWriter _points = new(writer, services, identity.Id, options.IsExponential);
    private readonly int _temporality = options.IsDelta ? Delta : Cumulative;

    /// <param name="points">Those of a service stand together, and of them the edges last.</param>
    public void Write(ReadOnlySpan<Point> points)
    {
        while (!points.IsEmpty)
        {
            var service = points[0].Series.Service;
            var count = 1;
            while (count < points.Length && points[count].Series.Service == service)
            {
                count++;
            }

            WriteService(service, points[..count]);
            points = points[count..];
        }
    }

    private void WriteService(uint service, ReadOnlySpan<Point> points)
    {
        var spans = 0;
        while (spans < points.Length && points[spans].Series is SpanSeries)
        {
            spans++;
        }

        var resource = writer.Begin(1, LargeLength);
        WriteResource(service);
        var scope = writer.Begin(2, LargeLength);
        var name = writer.Begin(1);
        writer.String(1, MetricWords.ScopeName);
        writer.String(2, Version);
        writer.End(name);
        Sum(MetricWords.Calls, "{call}", MetricWords.CallsHelp, points[..spans], static tally => tally.Calls);
        Durations(MetricWords.Duration, MetricWords.DurationHelp, points[..spans]);
        Sum(MetricWords.EdgeCalls, "", MetricWords.EdgeCallsHelp, points[spans..], static tally => tally.Calls);
        Sum(MetricWords.EdgeFailed, "", MetricWords.EdgeFailedHelp, points[spans..], static tally => tally.Failed);
        Durations(MetricWords.EdgeDuration, MetricWords.EdgeDurationHelp, points[spans..]);
        writer.End(scope, LargeLength);
        writer.End(resource, LargeLength);
    }

    private static string Version { get; } = typeof(PartWriter).Assembly.GetName().Version?.ToString(3) ?? "";

    private void WriteResource(uint id)
    {
        var service = services[id];
        var mark = writer.Begin(1);
        Attribute("service.name", service.Name);
        Attribute("service.namespace", service.Namespace);
        Attribute("deployment.environment.name", service.Environment);
        writer.End(mark);
    }

    private void Attribute(string name, string value)
    {
        if (value.Length > 0)
        {
            var pair = writer.Begin(1);
            writer.String(1, name);
            var any = writer.Begin(2);
            writer.PresentString(1, value);
            writer.End(any);
            writer.End(pair);
        }
    }

    private void Sum(string name, string unit, string help, ReadOnlySpan<Point> points, Func<Tally, ulong> value)
    {
        if (points.IsEmpty)
        {
            return;
        }

        var metric = Begin(name, unit, help);
        var data = writer.Begin(7, LargeLength);
        foreach (ref readonly var point in points)
        {
            _points.Sum(point, value(point.Tally));
        }

        writer.Int(2, _temporality);
        writer.Bool(3, true);
        writer.End(data, LargeLength);
        writer.End(metric, LargeLength);
    }

    private void Durations(string name, string help, ReadOnlySpan<Point> points)
    {
        if (points.IsEmpty)
        {
            return;
        }

        var metric = Begin(name, "s", help);
        var data = writer.Begin(_points.IsExponential(points[0].Series) ? 10 : 9, LargeLength);
        foreach (ref readonly var point in points)
        {
            _points.Duration(point);
        }

        writer.Int(2, _temporality);
        writer.End(data, LargeLength);
        writer.End(metric, LargeLength);
    }

    private int Begin(string name, string unit, string help)
    {
        var metric = writer.Begin(2, LargeLength);
        writer.String(1, name);
        writer.String(2, help);
        writer.String(3, unit);
        return metric;
    }
}
