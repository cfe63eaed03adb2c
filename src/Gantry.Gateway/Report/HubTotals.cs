using System.Text;
using Gantry.Estate.Red;
using Gantry.Gateway.Observe;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Report;

/// <summary>
/// What the hub is told, cumulative: RED by operation, edges by peer, findings. Not thread-safe: <see cref="ObservedTotals"/> holds the lock.
/// </summary>
internal sealed class HubTotals
{
    /// <summary>Of a service whose hub is away for days; see <see cref="ReportTable{TKey, TMessage}.Expire"/>.</summary>
    private const int MostUntold = CountTable.Max;

    /// <summary>A service has a handful. More are not told; they are kept for good, because their counts are since the gateway started.</summary>
    private const int MaxFindings = 100_000;

    private readonly ReportTable<(RedKey Key, string Operation), RedSeries> _red = new();
    private readonly ReportTable<PeerKey, EdgeSeries> _edges = new();
    private readonly ReportTable<(uint Service, string Code, string Subject), ServiceFinding> _findings = new();

    private readonly QualityTotals _quality = new();

    // 0 means "all" to ChangedSince, so what moves is in a round above it.
    private ulong _round = 1;
    private ulong _acknowledged;

    public Reported<RedSeries> Operation(RedKey key, ReadOnlySpan<byte> name, ulong startUnixNano)
    {
        var operation = OperationOf(key, name);
        return _red.Find((key, operation)) ?? _red.Add((key, operation), new RedSeries
        {
            Service = key.Service,
            Operation = operation,
            Kind = key.Kind,
            Status = key.Status,
            Source = key.Source,
            Buckets = new ulong[DurationBuckets.Count],
            StartUnixNano = startUnixNano,
        });
    }

    public static string OperationOf(RedKey key, ReadOnlySpan<byte> name) => key.IsOverflow ? "(other operations)" : Encoding.UTF8.GetString(name);

    public void Add(Reported<RedSeries> operation, scoped in Drained drained)
    {
        var series = operation.Message;
        series.Begun += drained.Counts.Begun;
        series.Linked += drained.Counts.Linked;
        series.Calls += drained.Counts.Calls;
        series.DurationNano += drained.Counts.DurationNano;
        series.LastUnixNano = Math.Max(series.LastUnixNano, drained.Counts.LastUnixNano);
        AddBuckets(series.Buckets, drained.Buckets);
        operation.Round = _round;
    }

    public void Add(PeerKey peer, scoped in Drained drained, ulong startUnixNano)
    {
        var edge = _edges.Find(peer) ?? _edges.Add(peer, new EdgeSeries
        {
            Service = peer.Service,
            Type = peer.Type,
            Name = peer.Name,
            System = peer.System,
            Address = peer.Address,
            Buckets = new ulong[DurationBuckets.Count],
            StartUnixNano = startUnixNano,
        });
        var series = edge.Message;
        series.Calls += drained.Counts.Calls;
        series.Failed += drained.Counts.Failed;
        series.DurationNano += drained.Counts.DurationNano;
        series.LastUnixNano = Math.Max(series.LastUnixNano, drained.Counts.LastUnixNano);
        AddBuckets(series.Buckets, drained.Buckets);
        edge.Round = _round;
    }

    public void Add(ServiceFinding finding)
    {
        var key = (finding.Service, finding.Code, FindingTable.SubjectOf(finding.Code, finding.Example));
        var known = _findings.Find(key);
        if (known is null)
        {
            if (_findings.Count >= MaxFindings)
            {
                return;
            }

            known = _findings.Add(key, new ServiceFinding { Service = finding.Service, Code = finding.Code });
        }

        known.Message.Count += finding.Count;
        known.Message.LastUnixNano = Math.Max(known.Message.LastUnixNano, finding.LastUnixNano);
        known.Message.Example = finding.Example;
        known.Round = _round;
    }

    public void Add(QualityFact fact) => _quality.Add(fact, _round);

    public void Add(MetricFact fact) => _quality.Add(fact, _round);

    public void Add(AttributeSketch sketch) => _quality.Add(sketch, _round);

    /// <summary>Puts copies of what the hub does not have into <paramref name="report"/>: the counting goes on while they are sent.</summary>
    /// <param name="all">Everything.</param>
    /// <returns>The round to acknowledge once the hub has it.</returns>
    public ulong CopyTo(ObservationBatch report, bool all)
    {
        var since = all ? 0 : _acknowledged;
        report.Red.AddRange(_red.ChangedSince(since).Select(Copy));
        report.Edges.AddRange(_edges.ChangedSince(since).Select(Copy));
        report.Findings.AddRange(_findings.ChangedSince(since).Select(Copy));
        _quality.CopyTo(report, since);
        // What moves from now on is not in this report, so it belongs to the next round.
        return _round++;
    }

    public void Acknowledge(ulong round) => _acknowledged = Math.Max(_acknowledged, round);

    public void Expire(ulong beforeUnixNano)
    {
        _red.Expire(series => series.LastUnixNano < beforeUnixNano, _acknowledged, MostUntold);
        _edges.Expire(series => series.LastUnixNano < beforeUnixNano, _acknowledged, MostUntold);
        _quality.Expire(beforeUnixNano, _acknowledged);
    }

    private static void AddBuckets(ulong[] to, ReadOnlySpan<ulong> counts)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            to[i] += counts[i];
        }
    }

    private static RedSeries Copy(RedSeries series) => new()
    {
        Service = series.Service,
        Operation = series.Operation,
        Kind = series.Kind,
        Status = series.Status,
        Source = series.Source,
        Begun = series.Begun,
        Linked = series.Linked,
        Calls = series.Calls,
        DurationNano = series.DurationNano,
        Buckets = [.. series.Buckets],
        LastUnixNano = series.LastUnixNano,
        StartUnixNano = series.StartUnixNano,
    };

    private static EdgeSeries Copy(EdgeSeries series) => new()
    {
        Service = series.Service,
        Type = series.Type,
        Name = series.Name,
        System = series.System,
        Address = series.Address,
        Calls = series.Calls,
        Failed = series.Failed,
        DurationNano = series.DurationNano,
        Buckets = [.. series.Buckets],
        LastUnixNano = series.LastUnixNano,
        StartUnixNano = series.StartUnixNano,
    };

    private static ServiceFinding Copy(ServiceFinding finding) => new()
    {
        Service = finding.Service,
        Code = finding.Code,
        Count = finding.Count,
        LastUnixNano = finding.LastUnixNano,
        Example = finding.Example,
    };
}
