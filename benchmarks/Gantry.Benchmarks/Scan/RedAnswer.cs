using System.Text;
using Gantry.Estate.Red;
using Gantry.Gateway.Observe;

namespace Gantry.Benchmarks.Scan;

/// <summary>RED totals as text lines, from either side, so that they compare.</summary>
internal static class RedAnswer
{
    /// <summary>Takes what the gateway counted, and sets it back to zero.</summary>
    public static SortedSet<string> Of(Observer observer)
    {
        var lines = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var shard in observer.Shards)
        {
            shard.Red.Drain((key, name, calls, duration, buckets, _) =>
                lines.Add(Line(observer.Services[key.Service].Name, key.Kind, key.Status, Encoding.UTF8.GetString(name), calls, duration, buckets)));
        }

        return lines;
    }

    /// <summary>The same, counted the slow and plain way over the oracle's objects.</summary>
    public static SortedSet<string> Of(IEnumerable<Theirs.ExportTraceServiceRequest> requests)
    {
        var totals = new Dictionary<(string Service, int Kind, int Status, string Name), (ulong Calls, ulong Duration, ulong[] Buckets)>();
        foreach (var block in requests.SelectMany(request => request.ResourceSpans))
        {
            var service = block.Resource.Attributes.First(pair => pair.Key == "service.name").Value.StringValue;
            foreach (var span in block.ScopeSpans.SelectMany(scope => scope.Spans))
            {
                var key = (service, span.Kind, span.Status?.Code ?? 0, span.Name);
                if (!totals.TryGetValue(key, out var total))
                {
                    total.Buckets = new ulong[DurationBuckets.Count];
                }

                var duration = span.EndTimeUnixNano > span.StartTimeUnixNano ? span.EndTimeUnixNano - span.StartTimeUnixNano : 0;
                total.Buckets[BucketOf(duration)]++;
                totals[key] = (total.Calls + 1, total.Duration + duration, total.Buckets);
            }
        }

        return new(totals.Select(item => Line(item.Key.Service, item.Key.Kind, item.Key.Status, item.Key.Name, item.Value.Calls, item.Value.Duration, item.Value.Buckets)), StringComparer.Ordinal);
    }

    /// <summary>By the bounds in seconds, on purpose not by the code that is measured.</summary>
    private static int BucketOf(ulong nanoseconds)
    {
        decimal[] bounds = [0.005m, 0.01m, 0.025m, 0.05m, 0.075m, 0.1m, 0.25m, 0.5m, 0.75m, 1, 2.5m, 5, 7.5m, 10];
        return bounds.Count(bound => nanoseconds / 1e9m > bound);
    }

    private static string Line(string service, int kind, int status, string name, ulong calls, ulong duration, ReadOnlySpan<ulong> buckets) =>
        $"{service} | {name} | kind {kind} | status {status} | {calls} calls, {duration} ns, {string.Join(' ', buckets.ToArray())}";
}
