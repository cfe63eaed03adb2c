using Gantry.Gateway.Forward.Transport;
using Gantry.Protocol.Observations;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Forward.Routes;

/// <summary>
/// Sends what waits, in order, one export at a time, again and again until the destination answers: accepted and refused for good are the only
/// ways on. Requests that wait behind each other go out merged.
/// </summary>
internal sealed class Pump(IBacklog backlog, OtlpClient client, DestinationHealth health, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Backoff _backoff = new();
    private Task _run = Task.CompletedTask;

    /// <summary>So many are sent one by one, because as one they were refused.</summary>
    private int _alone;

    public void Start() => _run = Task.Run(RunAsync);

    /// <summary>Ends the attempt that is under way.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _run;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new ExportBatch();
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var signal = await backlog.ReadAsync(batch, _alone > 0 ? 1 : ExportBatch.MaxRequests, _stop.Token);
                await SendAsync(signal, batch);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Nothing was settled, so nothing is lost.
                Log.PumpFailed(logger, health.Name, exception);
                await PauseAsync(asked: null);
            }
        }
    }

    private async Task SendAsync(Signal signal, ExportBatch batch)
    {
        var result = await client.SendAsync(signal, batch, _stop.Token);
        switch (result.Verdict)
        {
            case ForwardVerdict.Unavailable when _stop.IsCancellationRequested:
                // Our own end, not the destination's.
                return;
            case ForwardVerdict.Unavailable:
                health.Answered(result, batch.Count);
                if (result.Cause == ForwardCause.NoAnswer)
                {
                    health.PossiblyTwice(batch.Count);
                }

                await PauseAsync(result.RetryAfter);
                return;
            case ForwardVerdict.Refused when batch.Count > 1:
                _alone = batch.Count;
                return;
            case ForwardVerdict.Refused:
                health.Refused(result.Reason);
                backlog.SetAside();
                break;
            default:
                health.Answered(result, batch.Count);
                break;
        }

        _backoff.Reset();
        _alone = Math.Max(0, _alone - batch.Count);
        backlog.Settle(batch.Count);
    }

    private async Task PauseAsync(TimeSpan? asked)
    {
        try
        {
            await Task.Delay(_backoff.Next(asked), time, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopping; the loop sees it.
        }
    }
}
