using Gantry.Gateway.Forward;
using Gantry.Gateway.Forward.Routes;
using Gantry.Protocol.Observations;
using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Forward;

/// <summary>Requests that come while all exports are busy go out together; whatever then happens, each client gets what concerns it.</summary>
public sealed class CoalescingTests : IAsyncDisposable
{
    private const int Behind = 50;

    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ScriptedDestination _destination = null!;
    private Forwarding _forwarding = null!;

    [Theory]
    [InlineData(DestinationProtocol.Http, DestinationCompression.None)]
    [InlineData(DestinationProtocol.Grpc, DestinationCompression.Gzip)]
    [InlineData(DestinationProtocol.Http, DestinationCompression.Zstd)]
    public async Task Each_span_arrives_once_in_fewer_requests(DestinationProtocol protocol, DestinationCompression compression)
    {
        var sends = await SendBehindBusyAsync(static _ => new Reply(), i => $"{i}", protocol, compression);

        Assert.All(await Task.WhenAll(sends), result => Assert.Equal(ForwardVerdict.Accepted, result.Verdict));
        Assert.Equal(Lane.InFlight + 1, _destination.All.Count);
        Assert.Equal(Enumerable.Range(0, Lane.InFlight + Behind).Select(i => $"{i}").Order(), _destination.Names.Order());
        Assert.Equal(Lane.InFlight + Behind, _forwarding.State.Sent);
    }

    [Fact]
    public async Task Profiles_go_one_by_one_because_their_dictionaries_would_mix()
    {
        var sends = await SendBehindBusyAsync(static _ => new Reply(), i => $"{i}", signal: Signal.Profiles);

        Assert.All(await Task.WhenAll(sends), result => Assert.Equal(ForwardVerdict.Accepted, result.Verdict));
        Assert.All(_destination.All, received => Assert.Single(received.Names));
        Assert.Equal(Enumerable.Range(0, Lane.InFlight + Behind).Select(i => $"{i}").Order(), _destination.Names.Order());
    }

    [Fact]
    public async Task One_poisoned_request_takes_no_other_with_it()
    {
        var poisoned = Lane.InFlight + (Behind / 2);
        var sends = await SendBehindBusyAsync(
            static received => new Reply(received.Names.Contains("poison") ? 400 : 200), i => i == poisoned ? "poison" : $"{i}");

        var results = await Task.WhenAll(sends);

        Assert.All(results.Where((_, i) => i != poisoned), result => Assert.Equal(ForwardVerdict.Accepted, result.Verdict));
        Assert.Equal(ForwardVerdict.Refused, results[poisoned].Verdict);
        Assert.Equal(Enumerable.Range(0, Lane.InFlight + Behind).Where(i => i != poisoned).Select(i => $"{i}").Order(), _destination.Names.Order());
        Assert.Equal(1, _forwarding.State.Refused);
    }

    [Fact]
    public async Task Rejected_items_of_a_merged_request_add_up()
    {
        var merged = new ExportServiceResponse { PartialSuccess = new PartialSuccess { Rejected = 7, ErrorMessage = "too old" } }.ToByteArray();
        var sends = await SendBehindBusyAsync(received => new Reply(Body: received.Names.Count > 1 ? merged : null), i => $"{i}");

        var behind = (await Task.WhenAll(sends)).Skip(Lane.InFlight).ToList();

        Assert.All(behind, result => Assert.Equal((ForwardVerdict.Accepted, "too old"), (result.Verdict, result.Reason)));
        Assert.Equal(7, behind.Sum(result => result.Rejected));
        Assert.All(behind, result => Assert.InRange(result.Rejected, 0, 1));
    }

    [Fact]
    public async Task Not_now_is_told_to_all_with_the_delay()
    {
        var sends = await SendBehindBusyAsync(static received => received.Names.Count > 1 ? new Reply(503, RetryAfter: "9") : new Reply(), i => $"{i}");

        var behind = (await Task.WhenAll(sends)).Skip(Lane.InFlight);

        Assert.All(behind, result => Assert.Equal((ForwardVerdict.Unavailable, TimeSpan.FromSeconds(9)), (result.Verdict, result.RetryAfter)));
    }

    [Fact]
    public async Task Too_large_together_is_sent_alone_and_then_in_smaller_pieces()
    {
        var sends = await SendBehindBusyAsync(static received => new Reply(received.Names.Count > 1 ? 413 : 200), i => $"{i}");

        Assert.All(await Task.WhenAll(sends), result => Assert.Equal(ForwardVerdict.Accepted, result.Verdict));
    }

    [Fact]
    public async Task A_request_whose_client_went_away_while_it_waited_is_not_sent()
    {
        using var gone = new CancellationTokenSource();
        var sends = await SendBehindBusyAsync(static _ => new Reply(), i => $"{i}", beforeOpen: gone.Cancel, cancellation: gone.Token);

        Assert.All((await Task.WhenAll(sends)).Skip(Lane.InFlight), result => Assert.Equal(ForwardVerdict.Unavailable, result.Verdict));
        Assert.Equal(Lane.InFlight, _destination.All.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await _forwarding.DisposeAsync();
        await _destination.DisposeAsync();
    }

    /// <summary>Holds all exports in flight at the destination, lets others queue up behind them, then lets go.</summary>
    private async Task<List<Task<ForwardResult>>> SendBehindBusyAsync(
        Func<Received, Reply> answer, Func<int, string> name, DestinationProtocol protocol = default, DestinationCompression compression = default,
        Action? beforeOpen = null, Signal signal = Signal.Traces, CancellationToken cancellation = default)
    {
        _destination = await ScriptedDestination.StartAsync();
        _destination.Answer = async received =>
        {
            await _open.Task;
            return answer(received);
        };
        _forwarding = await Forwarding.StartAsync(new DestinationOptions
        {
            Endpoint = protocol == DestinationProtocol.Http ? _destination.Http : _destination.Grpc,
            Protocol = protocol,
            Compression = compression,
            Timeout = TimeSpan.FromMinutes(1),
        });

        var sends = Enumerable.Range(0, Lane.InFlight).Select(i => _forwarding.SendAsync(signal, Forwarding.Request(name(i)))).ToList();
        await Eventually.True("all exports are busy", () => _destination.All.Count == Lane.InFlight);
        sends.AddRange(Enumerable.Range(Lane.InFlight, Behind)
            .Select(i => _forwarding.Forwarder.SendAsync(signal, Forwarding.Request(name(i)), cancellation).AsTask()));
        Assert.Equal(Behind, _forwarding.State.WaitingRequests);
        beforeOpen?.Invoke();
        _open.SetResult();
        return sends;
    }
}
