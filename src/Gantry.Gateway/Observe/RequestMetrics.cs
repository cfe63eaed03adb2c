using Gantry.Estate.Red;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>
/// RED from the request-duration histograms that SDKs send: they are never sampled, so they show a service's rate, errors and duration
/// even where no span comes. Cumulative points are turned into increases; the first point of a series that began before us counts nothing, for its
/// requests happened at a time we cannot place. One for all shards, with a lock of its own: successive points of a series may come through
/// different shards.
/// </summary>
/// <param name="startedUnixNano">When this gateway began to listen.</param>
internal sealed class RequestMetrics(ulong startedUnixNano)
{
    /// <summary>Cumulative series remembered; further ones are not counted until some end.</summary>
    public const int MaxSeries = 50_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Last> _last = [];
    private readonly ulong[] _buckets = new ulong[DurationBuckets.Count];

    /// <summary>Nanoseconds in a unit of the metric, and whose requests it counts; null for a metric that is not about inbound requests.</summary>
    public static (double NanoPerUnit, int Kind)? Wants(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("http.server.request.duration"u8) || name.SequenceEqual("rpc.server.call.duration"u8))
        {
            return (1e9, SpanKinds.Server);
        }

        if (name.SequenceEqual("messaging.process.duration"u8))
        {
            return (1e9, SpanKinds.Consumer);
        }

        // Names of before the conventions were stable; in milliseconds.
        return name.SequenceEqual("http.server.duration"u8) || name.SequenceEqual("rpc.server.duration"u8) ? (1e6, SpanKinds.Server) : null;
    }

    public void Add(ResourceEntry resource, in MetricView metric, double nanoPerUnit, int kind, RedTable red, ulong nowUnixNano)
    {
        if (metric.Shape != MetricShape.Histogram)
        {
            return;
        }

        lock (_gate)
        {
            Add_NeedsLock(resource, metric, nanoPerUnit, kind, red, nowUnixNano);
        }
    }

    private void Add_NeedsLock(ResourceEntry resource, in MetricView metric, double nanoPerUnit, int kind, RedTable red, ulong nowUnixNano)
    {
        var cumulative = metric.IsCumulative;
        var series = SeededHash.Of(resource.Bytes) ^ SeededHash.Of(metric.Name);
        var reader = new ProtoReader(metric.Data);
        while (reader.Next())
        {
            if (reader.Tag is not (1, WireType.LengthDelimited))
            {
                reader.Skip();
                continue;
            }

            var point = HistogramPoint.Read(reader.ReadBytes());
            var increase = cumulative ? Increase(series ^ point.AttributeHash, point) : new Last(point.StartUnixNano, point.Count, point.Sum, point.Counts);
            if (increase is { Count: > 0 })
            {
                Count(resource.Source.Service, point, increase, nanoPerUnit, kind, red, nowUnixNano);
            }
        }
    }

    private Last? Increase(ulong key, HistogramPoint point)
    {
        var now = new Last(point.StartUnixNano, point.Count, point.Sum, point.Counts);
        if (!_last.TryGetValue(key, out var before))
        {
            if (_last.Count < MaxSeries)
            {
                _last.Add(key, now);
            }

            // A series that began after we did is known from its first request on.
            return point.StartUnixNano >= startedUnixNano ? now : null;
        }

        if (now.StartUnixNano != 0 && now.StartUnixNano == before.StartUnixNano && now.Count < before.Count)
        {
            // Overtaken by a newer point on another connection: what it says is counted already.
            return null;
        }

        _last[key] = now;
        if (before.StartUnixNano != now.StartUnixNano || now.Count < before.Count || now.Counts.Length != before.Counts.Length)
        {
            return now;
        }

        return new Last(now.StartUnixNano, now.Count - before.Count, now.Sum - before.Sum, [.. now.Counts.Zip(before.Counts, static (a, b) => a < b ? 0 : a - b)]);
    }

    private void Count(uint service, HistogramPoint point, Last increase, double nanoPerUnit, int kind, RedTable red, ulong nowUnixNano)
    {
        Array.Clear(_buckets);
        ulong placed = 0;
        for (var i = 0; i < increase.Counts.Length; i++)
        {
            // A bucket of theirs goes whole to the bucket of ours that holds its upper bound: exact where the bounds are the conventions'.
            var index = i < point.Bounds.Length ? DurationBuckets.IndexOf((ulong)(Math.Max(0, point.Bounds[i]) * nanoPerUnit)) : DurationBuckets.Count - 1;
            _buckets[index] += increase.Counts[i];
            placed += increase.Counts[i];
        }

        var name = $"{point.Attributes.GetValueOrDefault("http.request.method", "")} {point.Attributes.GetValueOrDefault("http.route", "")}".Trim();
        var key = new RedKey(service, kind, IsError(point.Attributes) ? 2 : 0, RedSource.Metrics);
        var series = red.Find(key, System.Text.Encoding.UTF8.GetBytes(name));
        red.AddMany(series, placed, (ulong)Math.Max(0, increase.Sum * nanoPerUnit), _buckets, nowUnixNano);
    }

    /// <summary>error.type is set on failed requests; older instrumentation has only the status code.</summary>
    private static bool IsError(Dictionary<string, string> attributes) =>
        attributes.ContainsKey("error.type")
        || (attributes.GetValueOrDefault("http.response.status_code") ?? attributes.GetValueOrDefault("http.status_code", "")).StartsWith('5');

    private sealed record Last(ulong StartUnixNano, ulong Count, double Sum, ulong[] Counts);
}
