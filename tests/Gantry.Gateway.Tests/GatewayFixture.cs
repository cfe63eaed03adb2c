using System.Net;
using System.Net.Http.Headers;
using Gantry.Gateway.Receive;
using Gantry.Testing;

namespace Gantry.Gateway.Tests;

/// <summary>A real gateway on ports of its own, with a sink that plays hub and destination. Fails on errors that no test announced.</summary>
public sealed class GatewayFixture : IAsyncDisposable
{
    private readonly GatewayServer _server;

    private GatewayFixture(OtlpSink sink, GatewayServer server, TestLogs logs)
    {
        Sink = sink;
        _server = server;
        Logs = logs;
        Client = new HttpClient { BaseAddress = server.Http };
    }

    public OtlpSink Sink { get; }

    public TestLogs Logs { get; }

    public HttpClient Client { get; }

    public Uri Http => _server.Http;

    public Uri Grpc => _server.Grpc;

    public static async Task<GatewayFixture> StartAsync(bool forward = false, int maxRequestBytes = 64 * 1024 * 1024, ReceiveOptions? receive = null)
    {
        var sink = await OtlpSink.StartAsync();
        var logs = new TestLogs();
        var server = new GatewayServer(
            new GatewayOptions
            {
                Grpc = new IPEndPoint(IPAddress.Loopback, 0),
                Http = new IPEndPoint(IPAddress.Loopback, 0),
                Hub = sink.Address,
                Destinations = forward ? [new Gateway.Forward.DestinationOptions { Endpoint = sink.Address }] : [],
                MaxRequestBytes = maxRequestBytes,
                Receive = receive ?? new ReceiveOptions(),
                ReportInterval = TimeSpan.FromMilliseconds(50),
            },
            logs.AddTo);
        await server.StartAsync();
        return new GatewayFixture(sink, server, logs);
    }

    public async Task<(HttpStatusCode Status, byte[] Body, HttpResponseMessage Response)> PostAsync(
        string path, byte[] body, string type = "application/x-protobuf", string? encoding = null)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = type.Length == 0 ? null : MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        var response = await Client.PostAsync(path, content);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(), response);
    }

    /// <summary>Waits until the hub knows this many requests in all.</summary>
    public Task<string> CountedAsync(ulong calls) => Eventually.Get(
        $"{calls} spans counted, got {Sum()}", () => Task.FromResult(Sum() == calls ? "counted" : null), TimeSpan.FromSeconds(60));

    public ulong Sum() => Sink.Red().Values.Aggregate(0UL, (sum, series) => sum + series.Calls);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
        await Sink.DisposeAsync();
        Logs.Dispose();
    }
}
