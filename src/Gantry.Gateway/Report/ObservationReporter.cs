using System.Net.Http.Headers;
using Gantry.Gateway.Observe;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Report;

/// <summary>
/// Tells the hub what was observed, every few seconds, in one loop. The hub may be away: counts are cumulative and wait here, evidence that
/// was not delivered goes with the next batch, only span skeletons and host values are let go.
/// </summary>
internal sealed class ObservationReporter(
    Observer observer, GatewayOptions options, GatewayDoors doors, HttpClient http, TimeProvider time, ILogger<ObservationReporter> logger) : BackgroundService
{
    /// <summary>Also when nothing moved, so that the hub knows that this gateway lives.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    // A resource that is silent for this long is forgotten here; the hub keeps what it learnt.
    private static readonly TimeSpan ResourceExpiry = TimeSpan.FromMinutes(15);

    private const int MaxReplyBytes = 64 * 1024;

    private readonly RedTotals _totals = new();
    private readonly string _gatewayId = Guid.CreateVersion7().ToString();
    private readonly ulong _started = observer.Now;
    private ulong _acknowledged;
    private ulong _sequence;
    private bool _full = true;
    private bool _lost;
    private DateTimeOffset _lastSent;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.ReportInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await ReportAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: one last report below.
        }

        using var last = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        await ReportAsync(last.Token);
    }

    private async Task ReportAsync(CancellationToken cancellation)
    {
        var (batch, round) = Collect();
        var quiet = batch.Red.Count == 0 && batch.Sources.Count == 0 && batch.HostPoints.Count == 0 && batch.Spans.Count == 0;
        if (quiet && !batch.Full && time.GetUtcNow() - _lastSent < Heartbeat)
        {
            return;
        }

        try
        {
            var reply = await SendAsync(batch, cancellation);
            _sequence = batch.Sequence;
            _acknowledged = round;
            _full = reply.FullWanted;
            _lastSent = time.GetUtcNow();
            if (_lost)
            {
                _lost = false;
                Log.HubReachable(logger, options.Hub);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or InvalidDataException)
        {
            // Evidence of this round must not be lost with it: sources are marked anew, counts are cumulative anyway.
            _full = true;
            if (!_lost && !cancellation.IsCancellationRequested)
            {
                _lost = true;
                Log.HubUnreachable(logger, options.Hub, exception.Message);
            }
        }
    }

    private (ObservationBatch Batch, ulong Round) Collect()
    {
        var round = _totals.NextRound();
        var now = observer.Now;
        var batch = new ObservationBatch
        {
            GatewayId = _gatewayId,
            GatewayStartUnixNano = _started,
            Sequence = _sequence + 1,
            Full = _full,
            SentUnixNano = now,
            OtlpHttp = doors.Http.GetLeftPart(UriPartial.Authority),
        };
        foreach (var shard in observer.Shards)
        {
            _totals.Take(shard);
            lock (shard.Gate)
            {
                shard.HostPoints.Drain(batch.HostPoints);
                shard.Skeletons.Drain(batch.Spans, now);
                foreach (var entry in shard.Resources.Entries.Where(entry => (entry.Dirty || _full) && entry.LastUnixNano > 0))
                {
                    entry.Dirty = false;
                    batch.Sources.Add(entry.Snapshot());
                }

                shard.Resources.Expire(now - ((ulong)ResourceExpiry.Ticks * 100));
            }
        }

        batch.Red.AddRange(_totals.ChangedSince(_full ? 0 : _acknowledged));
        batch.Services.AddRange(batch.Red.Select(series => series.Service)
            .Concat(batch.Sources.Select(source => source.Service))
            .Concat(batch.Spans.Select(span => span.Service))
            .Where(id => id != 0)
            .Distinct()
            .Select(id => observer.Services[id]));
        return (batch, round);
    }

    private async Task<ObservationReply> SendAsync(ObservationBatch batch, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(batch.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue(ObservationBatch.ContentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Hub, "api/v1/observations")) { Content = content };
        using var response = await http.SendAsync(request, cancellation);
        response.EnsureSuccessStatusCode();
        await response.Content.LoadIntoBufferAsync(MaxReplyBytes, cancellation);
        return WireMessage.TryRead<ObservationReply>(await response.Content.ReadAsByteArrayAsync(cancellation), out _)
            ?? throw new InvalidDataException("the hub's answer is no ObservationReply");
    }
}
