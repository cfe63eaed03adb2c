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
