namespace Gantry.Testing;

/// <summary>Waits for what another thread or process brings about; says what it waited for when it does not come.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task<T> Get<T>(string expected, Func<Task<T?>> read, TimeSpan? limit = null)
        where T : class
    {
        using var stop = new CancellationTokenSource(limit ?? Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            if (await read() is { } value)
            {
                return value;
            }
        }
        while (await Next(timer, stop.Token));

        throw new TimeoutException($"within {(limit ?? Limit).TotalSeconds} s expected: {expected}");
    }

    public static Task True(string expected, Func<bool> condition, TimeSpan? limit = null) =>
        Get(expected, () => Task.FromResult(condition() ? "yes" : null), limit);

    private static async Task<bool> Next(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
