using Gantry.Gateway.Forward;
using Gantry.Gateway.Observe;
using Gantry.Gateway.Report;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Metrics.Otlp;

/// <summary>
/// Sends span metrics and edges to the destinations, every few seconds, in one loop, as requests like any client's. A destination may be away: cumulative
/// points say everything again, and deltas that were not accepted go with the next ones.
/// </summary>
internal sealed class MetricsExporter(
    ObservedTotals totals, Observer observer, GatewayIdentity identity, Forwarder forwarder, GatewayOptions options, TimeProvider time,
    ILogger<MetricsExporter> logger) : BackgroundService
{
    /// <summary>Receivers of OTLP/gRPC take 4 MiB unless told otherwise.</summary>
    private const int PartBytes = 2 * 1024 * 1024;

    /// <summary>Of the points of a series, without what its key has.</summary>
    private const int SeriesBytes = 1200;

    private ulong _exemplarsSince;
    private bool _lost;

    /// <summary>One round: every series, or for deltas those that moved.</summary>
    /// <returns>Whether everything was accepted.</returns>
    public async Task<bool> ExportAsync(CancellationToken cancellation)
    {
        var isDelta = options.Metrics.IsDelta;
        var began = observer.Now;
        var series = totals.Collect(metrics => (List<MetricSeries>)[.. metrics.Spans, .. metrics.Edges, .. metrics.Ended]);
        if (isDelta)
        {
            series.RemoveAll(item => item.Pending is null);
        }

        series.Sort(static (a, b) => Rank(a).CompareTo(Rank(b)));
        var all = true;
        for (var start = 0; start < series.Count;)
        {
            var end = EndOfPart(series, start);
            var result = await SendAsync(series.GetRange(start, end - start), isDelta, cancellation);
            all &= result.Verdict == ForwardVerdict.Accepted;
            if (result.Verdict == ForwardVerdict.Unavailable)
            {
                break;
            }

            start = end;
        }

        _exemplarsSince = all ? began : _exemplarsSince;
        return all;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Metrics.Enabled || !forwarder.IsOn)
        {
            return;
        }

        try
        {
            using var timer = new PeriodicTimer(options.Metrics.Interval, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryExportAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: one last export below, so that nothing that was seen is missing.
        }

        using var last = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        await TryExportAsync(last.Token);
    }

    private async Task TryExportAsync(CancellationToken cancellation)
    {
        try
        {
            await ExportAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopping.
        }
        catch (Exception exception)
        {
            // Whatever it was, nothing is lost: the next round tells it.
            Log.ExportFailed(logger, exception);
        }
    }

    private async Task<ForwardResult> SendAsync(List<MetricSeries> series, bool isDelta, CancellationToken cancellation)
    {
        using var writer = new ProtoWriter(PartBytes);
        var taken = new List<(MetricSeries, Delta)>();
        var accepted = false;
        try
        {
            totals.Read(series, part => Write(writer, part, isDelta, taken));
            if (writer.Written.IsEmpty)
            {
                accepted = true;
                return new ForwardResult(ForwardVerdict.Accepted);
            }

            var result = await forwarder.SendAsync(Signal.Metrics, writer.WrittenMemory, cancellation);
            accepted = result.Verdict == ForwardVerdict.Accepted;
            Tell(result);
            return result;
        }
        finally
        {
            if (!accepted)
            {
                totals.GiveBack(taken);
            }
        }
    }

    /// <summary>Under the lock on the totals.</summary>
    private void Write(ProtoWriter writer, List<MetricSeries> series, bool isDelta, List<(MetricSeries, Delta)> taken)
    {
        var now = observer.Now;
        var points = new List<Point>(series.Count);
        foreach (var item in series)
        {
            var exemplar = item.Exemplar.UnixNano >= _exemplarsSince ? item.Exemplar : default;
            if (!isDelta)
            {
                points.Add(new Point(item, item.Total, item.StartUnixNano, now, exemplar));
            }
            else if (item.TakePending(now) is { } delta)
            {
                taken.Add((item, delta));
                points.Add(new Point(item, delta.Tally, delta.StartUnixNano, now, exemplar));
            }
        }

        new PartWriter(writer, observer.Services, identity, options.Metrics).Write(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(points));
    }

    private void Tell(ForwardResult result)
    {
        if (result.Verdict == ForwardVerdict.Accepted)
        {
            _lost = false;
            if (result.Rejected > 0)
            {
                Log.PointsRejected(logger, result.Rejected, result.Reason);
            }
        }
        else if (!_lost)
        {
            _lost = true;
            Log.NotAccepted(logger, result.Reason);
        }
    }

    private static int EndOfPart(List<MetricSeries> series, int start)
    {
        var (end, bytes) = (start, 0);
        while (end < series.Count && bytes < PartBytes)
        {
            bytes += SeriesBytes + (series[end++] is SpanSeries span ? span.Key.Length * 3 : 512);
        }

        return end;
    }

    /// <summary>By service, edges last.</summary>
    private static ulong Rank(MetricSeries series) => ((ulong)series.Service << 1) | (series is EdgeMetric ? 1UL : 0);
}
