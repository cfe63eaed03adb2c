using System.Net.Http.Headers;
using Gantry.Gateway.Forward;
using Gantry.Gateway.Observe;
using Gantry.Gateway.Sample;
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
    Observer observer, ObservedTotals totals, SamplerState sampler, GatewayIdentity identity, RunFile run, GatewayOptions options, GatewayDoors doors, Forwarder forwarder,
    HttpClient http, TimeProvider time,
    IHostApplicationLifetime lifetime, ILogger<ObservationReporter> logger) : BackgroundService
{
    // A resource that is silent for this long is forgotten here; the hub keeps what it learnt.
    private static readonly TimeSpan ResourceExpiry = TimeSpan.FromMinutes(15);

    private const int MaxReplyBytes = 64 * 1024;

    private string _replaces = "";
    private ulong _sequence;
    private bool _full = true;
    private bool _lost;

    // Until then the hub has every chosen span. A report that does not get through leaves a hole, which the next one tells.
    private ulong _chosenUntil;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Services start before the doors are open; a report names the doors.
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(opened.SetResult);
        try
        {
            await opened.Task.WaitAsync(stoppingToken);
            // The doors are open, so the run before has none of them any more.
            _replaces = run.Replace();
            using var timer = new PeriodicTimer(options.ReportInterval, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await ReportAsync(isLast: false, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: one last report below.
        }

        if (opened.Task.IsCompleted)
        {
            using var last = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
            await ReportAsync(isLast: true, last.Token);
        }
    }

    /// <summary>Also when nothing moved: only then the hub knows that nothing did.</summary>
    private async Task ReportAsync(bool isLast, CancellationToken cancellation)
    {
        try
        {
            var (report, round) = Collect();
            report.IsLast = isLast;
            var full = _full;
            var wanted = false;
            foreach (var part in ReportParts.Of(report, observer.Services))
            {
                part.Sequence = _sequence + 1;
                part.Full = full;
                full = false;
                wanted |= (await SendAsync(part, cancellation)).FullWanted;
                _sequence = part.Sequence;
            }

            totals.Acknowledge(round);
            _full = wanted;
            if (_lost)
            {
                _lost = false;
                Log.HubReachable(logger, options.Hub);
            }
        }
        catch (Exception exception)
        {
            // Whatever it was, the next round tells everything again: counts are cumulative, evidence is kept until it was delivered.
            _full = true;
            Failed(exception, cancellation);
        }
    }

    private void Failed(Exception exception, CancellationToken cancellation)
    {
        if (exception is not (HttpRequestException or OperationCanceledException or InvalidDataException))
        {
            Log.ReportFailed(logger, exception);
        }
        else if (!_lost && !cancellation.IsCancellationRequested)
        {
            _lost = true;
            Log.HubUnreachable(logger, options.Hub, exception.Message);
        }
    }

    private (ObservationBatch Report, ulong Round) Collect()
    {
        var now = observer.Now;
        var report = new ObservationBatch
        {
            GatewayId = identity.Id,
            GatewayStartUnixNano = identity.StartUnixNano,
            SentUnixNano = now,
            Replaces = _full ? _replaces : "",
            OtlpHttp = doors.Http.GetLeftPart(UriPartial.Authority),
        };
        if (forwarder.States.FirstOrDefault(state => state.Problem is not null) is { Problem: { } trouble } destination)
        {
            report.ForwardProblem = $"{destination.Endpoint}: {trouble.Reason}";
            report.ForwardProblemUnixNano = trouble.Since.ToUnixNano();
        }

        var sampling = sampler.InForce;
        report.SamplingRevision = sampling.Model.Revision;
        report.SamplingSinceUnixNano = sampling.Since.ToUnixNano();
        (report.SpansSeen, report.SpansKept) = (sampling.Seen, sampling.Kept);

        report.ChosenSinceUnixNano = _chosenUntil == 0 ? identity.StartUnixNano : _chosenUntil;
        _chosenUntil = now;
        var skeletons = new SkeletonReport(report);
        foreach (var shard in observer.Shards)
        {
            lock (shard.Gate)
            {
                shard.HostPoints.Drain(report.HostPoints);
                skeletons.Add_NeedsLock(shard);
                foreach (var entry in shard.Resources.Entries.Where(entry => entry.HasSent && (entry.Dirty || _full)))
                {
                    entry.Dirty = false;
                    report.Sources.Add(entry.Snapshot());
                }

                if (!_full)
                {
                    shard.Resources.Expire(now - ((ulong)ResourceExpiry.Ticks * 100));
                }
            }
        }

        return (report, totals.CopyTo(report, all: _full));
    }

    private async Task<ObservationReply> SendAsync(ObservationBatch batch, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(batch.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue(ObservationBatch.ContentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Hub, "api/v1/observations")) { Content = content };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        response.EnsureSuccessStatusCode();
        await response.Content.LoadIntoBufferAsync(MaxReplyBytes, cancellation);
        return WireMessage.TryRead<ObservationReply>(await response.Content.ReadAsByteArrayAsync(cancellation), out _)
            ?? throw new InvalidDataException("the hub's answer is no ObservationReply");
    }
}
