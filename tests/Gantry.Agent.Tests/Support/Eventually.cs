namespace Gantry.Agent.Tests.Support;

/// <summary>Waits for what another process or thread does, and says what was expected when it does not happen.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task True(Func<bool> condition, string expected)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Limit, $"Expected within {Limit.TotalSeconds} s: {expected}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public static async Task<T> Within<T>(ValueTask<T> task, string expected)
    {
        try
        {
            return await task.AsTask().WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Expected within {Limit.TotalSeconds} s: {expected}");
            throw;
        }
    }

    public static async Task Within(Task task, string expected)
    {
        try
        {
            await task.WaitAsync(Limit);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Expected within {Limit.TotalSeconds} s: {expected}");
        }
    }
}
