using Gantry.Gateway.Receive;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Gateway.Tests.Receive;

public class ReturnTimesTests
{
    private readonly FakeTimeProvider _time = new();
    private long _served;

    [Fact]
    public void A_few_are_spread_over_ten_seconds()
    {
        var returns = new ReturnTimes(() => _served, _time);

        var delays = Delays(returns, 20);

        Assert.All(delays, delay => Assert.InRange(delay, 1, 11));
        Assert.True(delays.Max() - delays.Min() > 5, "they come back together");
    }

    [Fact]
    public void Those_who_return_are_a_tenth_of_what_is_served()
    {
        var returns = new ReturnTimes(() => _served, _time);
        Serve(returns, perSecond: 1000);

        // 2,000 of them, at 100 a second: 20 s in the mean.
        var delays = Delays(returns, 2000);

        Assert.InRange(delays.TakeLast(200).Average(), 16, 26);
        Assert.All(delays, delay => Assert.InRange(delay, 1, 61));
    }

    [Fact]
    public void However_many_they_are_nobody_is_sent_away_for_longer_than_a_minute_and_it_is_over_when_they_are_back()
    {
        var returns = new ReturnTimes(() => _served, _time);
        Serve(returns, perSecond: 10);
        Assert.All(Delays(returns, 5000), delay => Assert.InRange(delay, 1, 61));

        _time.Advance(TimeSpan.FromSeconds(70));

        Assert.All(Delays(returns, 5), delay => Assert.InRange(delay, 1, 11));
    }

    [Fact]
    public void What_the_destination_asks_for_is_the_least()
    {
        var returns = new ReturnTimes(() => _served, _time);

        Assert.All(Enumerable.Range(0, 50).Select(_ => returns.Next(TimeSpan.FromSeconds(100)).TotalSeconds), delay => Assert.InRange(delay, 100, 150));
    }

    private void Serve(ReturnTimes returns, int perSecond)
    {
        for (var second = 0; second < 5; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _served += perSecond;
            returns.Next();
        }
    }

    private static List<double> Delays(ReturnTimes returns, int count) => [.. Enumerable.Range(0, count).Select(_ => returns.Next().TotalSeconds)];
}
