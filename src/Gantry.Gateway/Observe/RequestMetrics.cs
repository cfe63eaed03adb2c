using System.Runtime.InteropServices;
using Gantry.Estate.Red;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Observe;

/// <summary>
/// RED from the request-duration histograms that SDKs send: they are never sampled, so they show a service's rate, errors and duration
/// even where no span comes. Cumulative points are turned into increases; the first point of a series that began before us, or more than a quarter of
/// an hour ago, counts nothing: when its requests happened, and whether they are counted already, cannot be known. One for all shards, with a lock of its
/// own: successive points of a series may come through different shards.
/// </summary>
/// <param name="startedUnixNano">When this gateway began to listen.</param>
internal sealed class RequestMetrics(ulong startedUnixNano)
{
    /// <summary>Cumulative series remembered; further ones are not counted until others have been silent for a quarter of an hour.</summary>
    public const int MaxSeries = 50_000;

    private const ulong Minute = 60_000_000_000;
    private const ulong Idle = 15 * Minute;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Last> _last = [];
    private ulong _swept;
    private readonly ulong[] _buckets = new ulong[DurationBuckets.Count];

    /// <summary>Whose requests the metric counts; null for a metric that is not about inbound requests.</summary>
    public static int? KindOf(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("messaging.process.duration"u8))
        {
            return SpanKinds.Consumer;
        }

        // The last two are the names of before the conventions were stable.
        return name.SequenceEqual("http.server.request.duration"u8) || name.SequenceEqual("rpc.server.call.duration"u8)
            || name.SequenceEqual("http.server.duration"u8) || name.SequenceEqual("rpc.server.duration"u8)
            ? SpanKinds.Server
            : null;
    }

    /// <param name="scope">Hash of the scope: two libraries may send the same metric of one resource.</param>
    public void Add(ResourceEntry resource, ulong scope, in MetricView metric, int kind, SpanResolver spans, ulong nowUnixNano)
    {
        if (metric.Shape != MetricShape.Histogram)
        {
            return;
        }

        lock (_gate)
        {
            Sweep_NeedsLock(nowUnixNano);
            Add_NeedsLock(resource, scope, metric, kind, spans, nowUnixNano);
        }
    }

    private void Add_NeedsLock(ResourceEntry resource, ulong scope, in MetricView metric, int kind, SpanResolver spans, ulong nowUnixNano)
    {
        var cumulative = metric.IsCumulative;
        var nanoPerUnit = metric.Unit.SequenceEqual("ms"u8) ? 1e6 : 1e9;
        var series = SeededHash.Of(metric.Name, SeededHash.Of(resource.Bytes, scope));
        var reader = new ProtoReader(metric.Data);
        while (reader.Next())
        {
            if (reader.Tag is not (1, WireType.LengthDelimited))
            {
                reader.Skip();
                continue;
            }

            if (HistogramPoint.Read(reader.ReadBytes()) is not { } point)
            {
                continue;
            }

            var now = new Last(point.StartUnixNano, point.Count, point.Sum, [.. point.Counts], nowUnixNano);
            var increase = cumulative ? Increase(KeyOf(series ^ point.AttributeHash, point.StartUnixNano), now) : now;
            if (increase is { Count: > 0 })
            {
                Count(resource.Source.Service, point, increase, nanoPerUnit, kind, spans, nowUnixNano);
            }
        }
    }

    /// <summary>
    /// Replicas may send identical resources (no service.instance.id, host or pid); their starts tell them apart. Under one key each would look
    /// like a restart of the other, and be counted whole at every turn. A restart is a new series for the same reason.
    /// </summary>
    private static ulong KeyOf(ulong series, ulong startUnixNano) =>
        startUnixNano == 0 ? series : SeededHash.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in startUnixNano)), series);

    /// <summary>What was added since the point before; null when that cannot be known.</summary>
    private Last? Increase(ulong key, Last now)
    {
        if (!_last.TryGetValue(key, out var before))
        {
            // What is not remembered must not be counted: its next point would be counted whole again. A series that began a while ago may have
            // been counted already: by us, before it fell silent and was forgotten, or by the gateway that it came from.
            var recent = Math.Max(startedUnixNano, now.SeenUnixNano - Math.Min(now.SeenUnixNano, Idle));
            return _last.Count < MaxSeries && _last.TryAdd(key, now) && now.StartUnixNano >= recent ? now : null;
        }

        if (now.StartUnixNano != 0 && now.Count < before.Count)
        {
            // Overtaken by a newer point on another connection: what it says is counted already.
            return null;
        }

        _last[key] = now;
        if (now.Count < before.Count || now.Counts.Length != before.Counts.Length)
        {
            return now;
        }

        return now with
        {
            Count = now.Count - before.Count,
            Sum = now.Sum - before.Sum,
            Counts = [.. now.Counts.Zip(before.Counts, static (a, b) => a < b ? 0 : a - b)],
        };
    }

    /// <summary>Once a minute: instances come and go, and their series with them.</summary>
    private void Sweep_NeedsLock(ulong nowUnixNano)
    {
        // Shards read the clock before they come here, so that the time may be older than that of the call before: a difference would wrap, and
        // series that live would be forgotten.
        if (nowUnixNano < _swept + Minute)
        {
            return;
        }

        _swept = nowUnixNano;
        foreach (var (key, last) in _last)
        {
            if (last.SeenUnixNano + Idle < nowUnixNano)
            {
                _last.Remove(key);
            }
        }
    }

    private void Count(uint service, HistogramPoint point, Last increase, double nanoPerUnit, int kind, SpanResolver spans, ulong nowUnixNano)
    {
        Array.Clear(_buckets);
        ulong placed = 0;
        for (var i = 0; i < increase.Counts.Length; i++)
        {
            // A bucket of theirs goes whole to the bucket of ours that holds its upper bound: exact where the bounds are the conventions'.
            var index = i < point.Bounds.Count ? DurationBuckets.IndexOf((ulong)(Math.Max(0, point.Bounds[i]) * nanoPerUnit)) : DurationBuckets.Count - 1;
            _buckets[index] += increase.Counts[i];
            placed += increase.Counts[i];
        }

        var sum = (ulong)Math.Max(0, increase.Sum * nanoPerUnit);
        if (increase.Count > placed)
        {
            // A histogram may come without buckets: then its mean is all that is known.
            _buckets[DurationBuckets.IndexOf(sum / increase.Count)] += increase.Count - placed;
        }

        var key = RedKey.Of(service, kind, RequestPoint.IsError(point.Attributes) ? 2 : 0, RedSource.Metrics);
        var series = spans.SeriesOf(key, System.Text.Encoding.UTF8.GetBytes(RequestPoint.OperationOf(point.Attributes)));
        spans.Red.AddMany(series, Math.Max(placed, increase.Count), sum, _buckets, nowUnixNano);
    }

    private sealed record Last(ulong StartUnixNano, ulong Count, double Sum, ulong[] Counts, ulong SeenUnixNano);
}
