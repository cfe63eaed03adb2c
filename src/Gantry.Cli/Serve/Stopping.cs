namespace Gantry.Cli.Serve;

/// <summary>How a serving verb ends.</summary>
internal static class Stopping
{
    // A browser's open page or a client that never hangs up must not hold the process.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Until Ctrl-C or SIGTERM.</summary>
    public static async Task AskedAsync(CancellationToken cancellation)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(asked.SetResult);
        await asked.Task;
    }

    /// <summary>Until Ctrl-C or SIGTERM, or until the hub stops by itself: a process without it would only look alive.</summary>
    /// <returns>The exit code; what went wrong is said.</returns>
    public static async Task<int> AskedAsync(CliContext context, CancellationToken hubStopped, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, hubStopped);
        await AskedAsync(either.Token);
        if (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Ok;
        }

        context.Terminal.Note("The hub has stopped by itself; the log says why.");
        return ExitCodes.Error;
    }

    public static async Task StopAsync(Func<CancellationToken, Task> stop, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            await stop(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // It was given its time; what is still open is cut.
        }
    }
}
