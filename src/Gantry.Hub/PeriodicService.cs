using System.Data.Common;

namespace Gantry.Hub;

/// <summary>
/// One loop of the hub: a round each period until it stops, the first a period after the start. What a round throws is logged, once while it is the same, and the
/// next round comes all the same: what escaped from here would end the hub, or keep it from starting.
/// </summary>
internal abstract partial class PeriodicService(TimeSpan period, TimeProvider time, ILogger logger) : BackgroundService
{
    private string? _trouble;

    protected TimeProvider Time { get; } = time;

    /// <summary>What a round does, as the beginning of "... failed".</summary>
    protected abstract string What { get; }

    /// <summary>One round now; for who does not wait for the clock.</summary>
    public void Run()
    {
        try
        {
            Round();
            _trouble = null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            if (_trouble != exception.Message)
            {
                _trouble = exception.Message;
                // Of a database that is away or full its words say all; of what nobody thought of one wants to know where.
                RoundFailed(logger, exception is DbException or IOException ? null : exception, What, exception.Message, period.TotalSeconds);
            }
        }
    }

    protected abstract void Round();

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(period, Time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Run();
            }
        }
        catch (OperationCanceledException)
        {
            // The hub stops.
        }
    }

    [LoggerMessage(1001, LogLevel.Error, "{What} failed ({Reason}); the next try is in {Seconds} s", EventName = "RoundFailed")]
    private static partial void RoundFailed(ILogger logger, Exception? exception, string what, string reason, double seconds);
}
