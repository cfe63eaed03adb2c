using System.IO.Pipelines;
using Gantry.Gateway.Receive.Body;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Gateway.Tests.Receive;

public class StallWatchTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_late_tick_of_the_body_before_does_not_judge_this_one_and_its_own_does()
    {
        var time = new TickingTime();
        var pipe = new Pipe();
        using var watch = StallWatch.Rent(time);
        var read = watch.ReadAsync(pipe.Reader, Period).AsTask();

        time.Tick();
        Assert.False(watch.IsTooSlow);
        Assert.False(read.IsCompleted);

        time.Advance(Period);
        Assert.True((await read).IsCanceled);
        Assert.True(watch.IsTooSlow);
    }

    /// <summary>Lets the test run a timer's callback when it was not due.</summary>
    private sealed class TickingTime : FakeTimeProvider
    {
        public Action Tick { get; private set; } = () => throw new InvalidOperationException("no timer was made");

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Tick = () => callback(state);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
