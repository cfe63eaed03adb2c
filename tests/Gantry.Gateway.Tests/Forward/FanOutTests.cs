using Gantry.Gateway.Forward;
using Gantry.Gateway.Forward.Routes;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Tests.Forward;

/// <summary>Several destinations: the required ones decide what the client is told, the others never do.</summary>
public class FanOutTests
{
    [Fact]
    public async Task All_get_the_same_bytes_and_signals_go_where_they_are_wanted()
    {
        await using var one = await ScriptedDestination.StartAsync();
        await using var two = await ScriptedDestination.StartAsync();
        await using var three = await ScriptedDestination.StartAsync();
        await using var forwarding = await Forwarding.StartAsync(
            new DestinationOptions { Endpoint = one.Http, Compression = DestinationCompression.Gzip },
            new DestinationOptions { Endpoint = two.Grpc, Protocol = DestinationProtocol.Grpc, Compression = DestinationCompression.Gzip, Signals = [Signal.Traces] },
            new DestinationOptions { Endpoint = three.Http, Required = false });
        var (traces, logs) = (Forwarding.Request("a", "b"), "logs"u8.ToArray());

        Assert.Equal(ForwardVerdict.Accepted, (await forwarding.SendAsync(Signal.Traces, traces)).Verdict);
        Assert.Equal(ForwardVerdict.Accepted, (await forwarding.SendAsync(Signal.Logs, logs)).Verdict);

        Assert.Equal([traces, logs], one.Accepted.Select(received => received.Body));
        Assert.Equal([traces], two.Accepted.Select(received => received.Body));
        await Eventually.True("the best-effort destination has both", () => three.Accepted.Count == 2);
        Assert.Equal([traces, logs], three.Accepted.Select(received => received.Body));
    }

    [Theory]
    [InlineData(503, 200, ForwardVerdict.Unavailable)]
    [InlineData(200, 503, ForwardVerdict.Unavailable)]
    [InlineData(400, 503, ForwardVerdict.Unavailable)]
    [InlineData(400, 200, ForwardVerdict.Refused)]
    [InlineData(200, 200, ForwardVerdict.Accepted)]
    internal async Task The_worst_of_the_required_answers_counts(int first, int second, ForwardVerdict verdict)
    {
        await using var one = await ScriptedDestination.StartAsync();
        await using var two = await ScriptedDestination.StartAsync();
        await using var optional = await ScriptedDestination.StartAsync();
        one.Answer = _ => Task.FromResult(new Reply(first));
        two.Answer = _ => Task.FromResult(new Reply(second));
        await using var forwarding = await Forwarding.StartAsync(
            new DestinationOptions { Endpoint = one.Http, Name = "one" },
            new DestinationOptions { Endpoint = two.Http, Name = "two" },
            new DestinationOptions { Endpoint = optional.Http, Required = false });

        var result = await forwarding.SendAsync("a");

        Assert.Equal(verdict, result.Verdict);
        if (verdict != ForwardVerdict.Accepted)
        {
            Assert.Contains(second == 503 ? "two: " : "one: ", result.Reason);
        }

        // What the client sends again must not arrive twice where nobody waits for it.
        if (verdict == ForwardVerdict.Unavailable)
        {
            Assert.Equal(0, forwarding.Forwarder.States[2].WaitingRequests + forwarding.Forwarder.States[2].Sent);
        }
    }

    [Fact]
    public async Task A_best_effort_destination_that_hangs_delays_nobody_and_what_it_misses_is_counted()
    {
        await using var silent = new SilentPeer("");
        await using var forwarding = await Forwarding.StartAsync(new DestinationOptions { Endpoint = silent.Address, Required = false });
        var megabyte = new byte[1024 * 1024];
        const int Extra = 5;
        var fit = (int)(BestEffortRoute.MaxWaitingBytes / megabyte.Length);

        for (var i = 0; i < fit + Extra; i++)
        {
            Assert.Equal(ForwardVerdict.Accepted, (await forwarding.SendAsync(Signal.Logs, megabyte)).Verdict);
        }

        Assert.Equal((Extra, fit, BestEffortRoute.MaxWaitingBytes), (forwarding.State.Lost, forwarding.State.WaitingRequests, forwarding.State.WaitingBytes));
        Assert.Contains(forwarding.Logs.Entries, entry => entry.Event == "RequestsLost");
    }

    [Fact]
    public async Task What_waits_for_a_best_effort_destination_goes_out_when_it_is_well_again_and_at_the_end()
    {
        await using var destination = await ScriptedDestination.StartAsync();
        var answers = 0;
        destination.Answer = _ => Task.FromResult(new Reply(Interlocked.Increment(ref answers) == 1 ? 503 : 200));
        var forwarding = await Forwarding.StartAsync(new DestinationOptions { Endpoint = destination.Http, Required = false });

        for (var i = 0; i < 100; i++)
        {
            await forwarding.SendAsync($"{i}");
        }

        await Eventually.True("all are there", () => destination.Names.Count >= 100);
        await forwarding.SendAsync("last");
        await forwarding.DisposeAsync();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}").Append("last"), destination.Names);
    }
}
