using System.Text;
using Gantry.Benchmarks.EndToEnd;
using Gantry.Estate.Red;
using Gantry.Gateway.Observe;

namespace Gantry.Benchmarks.Scan;

/// <summary>RED totals as text lines, from either side, so that they compare.</summary>
internal static class RedAnswer
{
    /// <summary>Takes what the gateway counted, and sets it back to zero.</summary>
    public static SortedSet<string> Of(Observer observer)
    {
        var totals = new RedLedger();
        foreach (var shard in observer.Shards)
        {
            shard.Spans.Red.Drain(series =>
            {
                var key = SpanLabels.KeyIn(series.Key);
                totals.Add(
                    (observer.Services[key.Service].Name, Encoding.UTF8.GetString(SpanKey.NameIn(series.Key)), key.Kind, key.Status),
                    series.Counts.Calls, series.Counts.DurationNano, series.Buckets);
            });
        }

        return totals.Lines;
    }

    /// <summary>The same, counted the slow and plain way over the oracle's objects.</summary>
    public static SortedSet<string> Of(IEnumerable<Theirs.ExportTraceServiceRequest> requests)
    {
        var totals = new RedLedger();
        foreach (var block in requests.SelectMany(request => request.ResourceSpans))
        {
            var service = block.Resource.Attributes.First(pair => pair.Key == "service.name").Value.StringValue;
            foreach (var span in block.ScopeSpans.SelectMany(scope => scope.Spans))
            {
                var duration = span.EndTimeUnixNano > span.StartTimeUnixNano ? span.EndTimeUnixNano - span.StartTimeUnixNano : 0;
                var buckets = new ulong[DurationBuckets.Count];
                buckets[BucketOf(duration)] = 1;
                totals.Add((service, span.Name, span.Kind, span.Status?.Code ?? 0), 1, duration, buckets);
            }
        }

        return totals.Lines;
    }

    /// <summary>By the bounds in seconds, on purpose not by the code that is measured.</summary>
    private static int BucketOf(ulong nanoseconds)
    {
        decimal[] bounds = [0.005m, 0.01m, 0.025m, 0.05m, 0.075m, 0.1m, 0.25m, 0.5m, 0.75m, 1, 2.5m, 5, 7.5m, 10];
        return bounds.Count(bound => nanoseconds / 1e9m > bound);
    }
}
