using System.Net;
using System.Net.Sockets;
using System.Text;
using Gantry.Gateway.Forward;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;
using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Forward;

/// <summary>What one destination may do to us, over real sockets.</summary>
public class DestinationTests
{
    [Theory]
    [InlineData(DestinationProtocol.Http, DestinationCompression.None)]
    [InlineData(DestinationProtocol.Http, DestinationCompression.Gzip)]
    [InlineData(DestinationProtocol.Http, DestinationCompression.Zstd)]
    [InlineData(DestinationProtocol.Grpc, DestinationCompression.None)]
    [InlineData(DestinationProtocol.Grpc, DestinationCompression.Gzip)]
    [InlineData(DestinationProtocol.Grpc, DestinationCompression.Zstd)]
    public async Task All_four_signals_arrive_byte_for_byte_where_the_specification_has_them(DestinationProtocol protocol, DestinationCompression compression)
    {
        await using var destination = await ScriptedDestination.StartAsync();
        var token = Path.GetTempFileName();
        await File.WriteAllTextAsync(token, "Bearer s3cret\n");
        await using var forwarding = await Forwarding.StartAsync(new DestinationOptions
        {
            Endpoint = protocol == DestinationProtocol.Http ? destination.Http : destination.Grpc,
            Protocol = protocol,
            Compression = compression,
            Headers = [new DestinationHeader("Authorization", HeaderPlace.File, token)],
        });

        foreach (var signal in DestinationOptions.AllSignals)
        {
            var body = Encoding.UTF8.GetBytes($"{signal} {new string('x', 100_000)}");
            Assert.Equal(new ForwardResult(ForwardVerdict.Accepted), await forwarding.SendAsync(signal, body));
            var received = destination.Accepted.Last();
            Assert.Equal(body, received.Body);
            Assert.Equal(PathOf(protocol, signal), received.Path);
            Assert.Equal("Bearer s3cret", received.Authorization);
            Assert.Equal(compression == DestinationCompression.None ? "" : $"{compression}".ToLowerInvariant(), received.Encoding);
        }

        Assert.Equal((4, null), (forwarding.State.Sent, forwarding.State.Problem));
        File.Delete(token);
    }

    [Theory]
    [InlineData(200, ForwardVerdict.Accepted)]
    [InlineData(202, ForwardVerdict.Accepted)]
    [InlineData(302, ForwardVerdict.Unavailable)]
    [InlineData(400, ForwardVerdict.Refused)]
    [InlineData(401, ForwardVerdict.Unavailable)]
    [InlineData(403, ForwardVerdict.Unavailable)]
    [InlineData(404, ForwardVerdict.Unavailable)]
    [InlineData(413, ForwardVerdict.Refused)]
    [InlineData(415, ForwardVerdict.Unavailable)]
    [InlineData(429, ForwardVerdict.Unavailable)]
    [InlineData(500, ForwardVerdict.Refused)]
    [InlineData(502, ForwardVerdict.Unavailable)]
    [InlineData(503, ForwardVerdict.Unavailable)]
    [InlineData(504, ForwardVerdict.Unavailable)]
    internal async Task Over_HTTP_the_status_decides(int status, ForwardVerdict verdict)
    {
        await using var destination = await ScriptedDestination.StartAsync();
        destination.Answer = _ => Task.FromResult(new Reply(status, "secret of the destination"u8.ToArray()));
        await using var forwarding = await Forwarding.StartAsync(new DestinationOptions { Endpoint = destination.Http });

        var result = await forwarding.SendAsync("a");

        Assert.Equal(verdict, result.Verdict);
        Assert.DoesNotContain("secret", result.Reason);
        Assert.Equal(verdict == ForwardVerdict.Accepted ? "" : $"{status}", verdict == ForwardVerdict.Accepted ? result.Reason : result.Reason.Split(' ', ';')[3]);
        Assert.Equal(verdict == ForwardVerdict.Unavailable, forwarding.State.Problem is not null);
        Assert.Equal(verdict == ForwardVerdict.Refused ? 1 : 0, forwarding.State.Refused);
    }

    [Theory]
    [InlineData(1, false, ForwardVerdict.Unavailable)]
    [InlineData(2, false, ForwardVerdict.Refused)]
    [InlineData(3, false, ForwardVerdict.Refused)]
    [InlineData(3, true, ForwardVerdict.Refused)]
    [InlineData(4, false, ForwardVerdict.Unavailable)]
    [InlineData(7, false, ForwardVerdict.Unavailable)]
    [InlineData(8, false, ForwardVerdict.Refused)]
    [InlineData(8, true, ForwardVerdict.Unavailable)]
    [InlineData(10, false, ForwardVerdict.Unavailable)]
    [InlineData(11, false, ForwardVerdict.Unavailable)]
    [InlineData(12, false, ForwardVerdict.Unavailable)]
    [InlineData(13, false, ForwardVerdict.Refused)]
    [InlineData(14, false, ForwardVerdict.Unavailable)]
    [InlineData(14, true, ForwardVerdict.Unavailable)]
    [InlineData(15, false, ForwardVerdict.Unavailable)]
    [InlineData(16, false, ForwardVerdict.Unavailable)]
    internal async Task Over_gRPC_the_code_decides_in_trailers_and_in_headers(int code, bool retryInfo, ForwardVerdict verdict)
    {
        foreach (var inHeaders in new[] { false, true })
        {
            await using var destination = await ScriptedDestination.StartAsync();
            destination.Answer = _ => Task.FromResult(new Reply(Code: code, Details: retryInfo ? StatusWithDelay(code, 7, 500_000_000) : null, InHeaders: inHeaders));
            await using var forwarding = await Forwarding.StartAsync(new DestinationOptions { Endpoint = destination.Grpc, Protocol = DestinationProtocol.Grpc });

            var result = await forwarding.SendAsync("a");

            Assert.Equal(verdict, result.Verdict);
            Assert.Equal(retryInfo && verdict == ForwardVerdict.Unavailable ? TimeSpan.FromSeconds(7.5) : null, result.RetryAfter);
        }
    }

    [Theory]
    [InlineData(DestinationProtocol.Http)]
    [InlineData(DestinationProtocol.Grpc)]
    public async Task A_partial_success_is_told(DestinationProtocol protocol)
    {
        await using var destination = await ScriptedDestination.StartAsync();
        var body = new ExportServiceResponse { PartialSuccess = new PartialSuccess { Rejected = 3, ErrorMessage = "too old" } }.ToByteArray();
        destination.Answer = _ => Task.FromResult(new Reply(Body: body));
        await using var forwarding = await Forwarding.StartAsync(Of(destination, protocol));

        var result = await forwarding.SendAsync("a");

        Assert.Equal((ForwardVerdict.Accepted, 3, "too old"), (result.Verdict, result.Rejected, result.Reason));
        Assert.Equal(3, forwarding.State.RejectedItems);
    }

    [Fact]
    public async Task A_pause_that_was_asked_for_is_kept_to_and_told_to_the_next_client()
    {
        await using var destination = await ScriptedDestination.StartAsync();
        destination.Answer = _ => Task.FromResult(new Reply(429, RetryAfter: "30"));
        await using var forwarding = await Forwarding.StartAsync(new DestinationOptions { Endpoint = destination.Http });

        var first = await forwarding.SendAsync("a");
        var second = await forwarding.SendAsync("b");

        Assert.Equal(TimeSpan.FromSeconds(30), first.RetryAfter);
        Assert.Equal(ForwardVerdict.Unavailable, second.Verdict);
        Assert.InRange(second.RetryAfter!.Value.TotalSeconds, 1, 30);
        Assert.Single(destination.All);
    }

    [Theory]
    [InlineData(DestinationProtocol.Http)]
    [InlineData(DestinationProtocol.Grpc)]
    public async Task One_that_is_down_is_seen_to_be_and_works_again_when_it_is_back(DestinationProtocol protocol)
    {
        var port = FreePort();
        await using var forwarding = await Forwarding.StartAsync(new DestinationOptions { Endpoint = new Uri($"http://127.0.0.1:{port}"), Protocol = protocol });

        var away = await forwarding.SendAsync("a");

        Assert.Equal(ForwardVerdict.Unavailable, away.Verdict);
        Assert.StartsWith("no connection", forwarding.State.Problem!.Reason);
        if (protocol == DestinationProtocol.Http)
        {
            await using var destination = await ScriptedDestination.StartAsync(port);
            await Eventually.Get("the destination takes data", async () => (await forwarding.SendAsync("a")).Verdict == ForwardVerdict.Accepted ? "yes" : null);
            Assert.Null(forwarding.State.Problem);
        }
    }

    /// <summary>What a peer says after it accepted the connection, and nothing after that.</summary>
    [Theory]
    [InlineData(DestinationProtocol.Http, "")]
    [InlineData(DestinationProtocol.Http, "HTTP/1.1 200 OK\r\nContent-")]
    [InlineData(DestinationProtocol.Http, "HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: 100\r\n\r\nx")]
    [InlineData(DestinationProtocol.Grpc, "")]
    public async Task One_that_falls_silent_costs_one_limit_of_time(DestinationProtocol protocol, string said)
    {
        await using var silent = new SilentPeer(said);
        await using var forwarding = await Forwarding.StartAsync(
            new DestinationOptions { Endpoint = silent.Address, Protocol = protocol, Timeout = TimeSpan.FromMilliseconds(400) });

        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => forwarding.SendAsync($"{i}")));

        Assert.All(results, result => Assert.Equal(ForwardVerdict.Unavailable, result.Verdict));
        Assert.Equal((0, 0), (forwarding.State.WaitingRequests, forwarding.State.WaitingBytes));
        Assert.Contains("0.4 s", forwarding.State.Problem!.Reason);
        // Four at a time; who waited behind them was not made to wait for the same once more.
        Assert.InRange(silent.Connections, 1, Gantry.Gateway.Forward.Routes.Lane.InFlight * 2);
    }

    [Fact]
    public async Task Nobody_reads_the_request_after_its_end_even_if_the_answer_came_first()
    {
        // It answers before it read the body, then reads on: the handler is still writing.
        await using var hasty = new SilentPeer("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", readOn: true);
        await using var forwarding = await Forwarding.StartAsync(new DestinationOptions { Endpoint = hasty.Address });
        var body = new byte[64 * 1024 * 1024];

        var result = await forwarding.SendAsync(Signal.Traces, body);
        body.AsSpan().Fill(0xFF);

        Assert.Equal(ForwardVerdict.Unavailable, result.Verdict);
        hasty.Release();
        await hasty.Ended;
        Assert.False(hasty.SawForeignBytes, "bytes of another client would have gone out");
    }

    private static DestinationOptions Of(ScriptedDestination destination, DestinationProtocol protocol) => new()
    {
        Endpoint = protocol == DestinationProtocol.Http ? destination.Http : destination.Grpc,
        Protocol = protocol,
    };

    private static string PathOf(DestinationProtocol protocol, Signal signal) => (protocol, signal) switch
    {
        (DestinationProtocol.Http, Signal.Profiles) => "/v1development/profiles",
        (DestinationProtocol.Http, _) => $"/v1/{signal}".ToLowerInvariant(),
        (_, Signal.Traces) => "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        (_, Signal.Metrics) => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
        (_, Signal.Logs) => "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
        _ => "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export",
    };

    /// <summary>google.rpc.Status with another detail before the RetryInfo.</summary>
    private static byte[] StatusWithDelay(int code, long seconds, int nanos)
    {
        using var writer = new ProtoWriter();
        writer.Int(1, code);
        writer.String(2, "later");
        var other = writer.Begin(3);
        writer.String(1, "type.googleapis.com/google.rpc.DebugInfo");
        writer.End(other);
        var any = writer.Begin(3);
        writer.String(1, "type.googleapis.com/google.rpc.RetryInfo");
        var value = writer.Begin(2);
        var delay = writer.Begin(1);
        writer.Int(1, seconds);
        writer.Int(2, nanos);
        writer.End(delay);
        writer.End(value);
        writer.End(any);
        return writer.ToArray();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
