using System.Text;
using Gantry.Gateway.Observe;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Report;

/// <summary>
/// The gateway's RED as one: what the shards counted, added up, cumulative since the gateway started. Only the report loop touches it.
/// </summary>
internal sealed class RedTotals
{
    private readonly Dictionary<(RedKey Key, string Operation), Total> _totals = [];
    private ulong _round;

    public void Take(ObserveShard shard)
    {
        lock (shard.Gate)
        {
            shard.Spans.Red.Drain(Add);
        }
    }

    /// <summary>Begins a round; what is taken from now on carries its number.</summary>
    public ulong NextRound() => ++_round;

    /// <summary>Series that moved after <paramref name="round"/>; 0 gives all.</summary>
    public IEnumerable<RedSeries> ChangedSince(ulong round) =>
        _totals.Values.Where(total => total.Round > round).Select(total => total.Series);

    private void Add(scoped Drained drained)
    {
        var key = SpanLabels.KeyIn(drained.Key);
        var operation = key.IsOverflow ? "(other operations)" : Encoding.UTF8.GetString(SpanKey.NameIn(drained.Key));
        if (!_totals.TryGetValue((key, operation), out var total))
        {
            total = new Total(new RedSeries
            {
                Service = key.Service,
                Operation = operation,
                Kind = key.Kind,
                Status = key.Status,
                Source = key.Source,
                Buckets = new ulong[drained.Buckets.Length],
            });
            _totals.Add((key, operation), total);
        }

        var series = total.Series;
        series.Calls += drained.Counts.Calls;
        series.DurationNano += drained.Counts.DurationNano;
        series.LastUnixNano = Math.Max(series.LastUnixNano, drained.Counts.LastUnixNano);
        for (var i = 0; i < drained.Buckets.Length; i++)
        {
            series.Buckets[i] += drained.Buckets[i];
        }

        total.Round = _round;
    }

    private sealed class Total(RedSeries series)
    {
        public RedSeries Series { get; } = series;

        public ulong Round { get; set; }
    }
}
