using System.Collections.Concurrent;
using System.Text;
using Gantry.Estate.Red;
using Gantry.Protocol.Observations;

namespace Gantry.Benchmarks.EndToEnd;

/// <summary>RED totals by service, span name, kind and status, as text lines, so that what was sent and what each gateway counted compare.</summary>
internal sealed class RedLedger
{
    private readonly Dictionary<(string Service, string Operation, int Kind, int Status), (ulong Calls, ulong DurationNano, ulong[] Buckets)> _totals = [];

    private static readonly ConcurrentDictionary<string, string> Folded = new(StringComparer.Ordinal);

    public ulong Calls => _totals.Values.Aggregate(0UL, (sum, total) => sum + total.Calls);

    public SortedSet<string> Lines => new(_totals.Select(item =>
        $"{item.Key.Service} | {item.Key.Operation} | kind {item.Key.Kind} | status {item.Key.Status} | {item.Value.Calls} calls, {item.Value.DurationNano} ns, {string.Join(' ', item.Value.Buckets)}"), StringComparer.Ordinal);

    public static RedLedger Of(IReadOnlyDictionary<(string Service, string Operation, int Kind, int Status), RedSeries> series)
    {
        var ledger = new RedLedger();
        foreach (var (key, counted) in series)
        {
            ledger.Add(key, counted.Calls, counted.DurationNano, counted.Buckets);
        }

        return ledger;
    }

    /// <summary>Counts every span of a request that was accepted this many times.</summary>
    public void Add(Theirs.ExportTraceServiceRequest request, ulong times)
    {
        foreach (var block in request.ResourceSpans)
        {
            var service = block.Resource.Attributes.First(pair => pair.Key == "service.name").Value.StringValue;
            foreach (var span in block.ScopeSpans.SelectMany(scope => scope.Spans))
            {
                var duration = span.EndTimeUnixNano > span.StartTimeUnixNano ? span.EndTimeUnixNano - span.StartTimeUnixNano : 0;
                var buckets = new ulong[DurationBuckets.Count];
                buckets[DurationBuckets.IndexOf(duration)] = times;
                Add((service, span.Name, span.Kind, span.Status?.Code ?? 0), times, duration * times, buckets);
            }
        }
    }

    public void Add((string Service, string Operation, int Kind, int Status) key, ulong calls, ulong durationNano, ReadOnlySpan<ulong> buckets)
    {
        key.Operation = Fold(key.Operation);
        var (knownCalls, knownDuration, knownBuckets) = _totals.GetValueOrDefault(key);
        knownBuckets ??= new ulong[DurationBuckets.Count];
        for (var i = 0; i < buckets.Length; i++)
        {
            knownBuckets[i] += buckets[i];
        }

        _totals[key] = (knownCalls + calls, knownDuration + durationNano, knownBuckets);
    }

    /// <summary>The gateway folds ids in names; that it does so rightly is its tests' matter. A name that is folded already stays.</summary>
    private static string Fold(string operation) => Folded.GetOrAdd(operation, static name =>
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        var target = new byte[Math.Max(256, 2 * bytes.Length)];
        return OperationNames.Fold(bytes, target, out var length) ? Encoding.UTF8.GetString(target, 0, length) : name;
    });

    /// <summary>Null when equal; else the first line in which they differ.</summary>
    public string? DifferenceFrom(RedLedger truth)
    {
        var (ours, theirs) = (Lines, truth.Lines);
        return ours.SetEquals(theirs)
            ? null
            : $"{Calls} spans in {ours.Count} series, sent were {truth.Calls} in {theirs.Count}; counted: {ours.Except(theirs).FirstOrDefault() ?? "-"}; sent: {theirs.Except(ours).FirstOrDefault() ?? "-"}";
    }
}
