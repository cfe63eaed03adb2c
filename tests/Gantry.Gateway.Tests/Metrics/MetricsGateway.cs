using System.Net;
using Gantry.Gateway.Metrics;
using Gantry.Gateway.Metrics.Otlp;
using Gantry.Gateway.Receive;
using Gantry.Testing;
using Gantry.Testing.Otlp;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Gateway.Tests.Metrics;

/// <summary>A real gateway whose metrics go out when the test says so, and a sink behind it that plays hub and destination.</summary>
internal sealed class MetricsGateway : IAsyncDisposable
{
    /// <summary>Long enough never to come by itself.</summary>
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly GatewayServer _server;
    private readonly TestLogs _logs = new();
    private readonly HttpClient _client;

    private MetricsGateway(OtlpSink sink, MetricsOptions metrics, bool forward, TimeProvider? time, ReceiveOptions receive)
    {
        Sink = sink;
        _server = new GatewayServer(
            new GatewayOptions
            {
                Grpc = new IPEndPoint(IPAddress.Loopback, 0),
                Http = new IPEndPoint(IPAddress.Loopback, 0),
                Hub = sink.Address,
                Destinations = forward ? [new Gateway.Forward.DestinationOptions { Endpoint = sink.Address }] : [],
                Receive = receive,
                Metrics = metrics with { Interval = Never },
                ReportInterval = TimeSpan.FromMilliseconds(50),
            },
            _logs.AddTo,
            time);
        _client = new HttpClient();
    }

    public OtlpSink Sink { get; }

    public TestLogs Logs => _logs;

    public Uri Http => _server.Http;

    public T Get<T>()
        where T : notnull => _server.Services.GetRequiredService<T>();

    public static async Task<MetricsGateway> StartAsync(OtlpSink sink, MetricsOptions? metrics = null, bool forward = true, TimeProvider? time = null, ReceiveOptions? receive = null)
    {
        var gateway = new MetricsGateway(sink, metrics ?? new MetricsOptions(), forward, time, receive ?? new ReceiveOptions());
        await gateway._server.StartAsync();
        return gateway;
    }

    public async Task PostAsync(params ExportTraceServiceRequest[] requests)
    {
        foreach (var request in requests)
        {
            using var content = new ByteArrayContent(request.ToByteArray());
            content.Headers.ContentType = new("application/x-protobuf");
            using var response = await _client.PostAsync(new Uri(Http, "/v1/traces"), content);
            response.EnsureSuccessStatusCode();
        }
    }

    /// <summary>One round of the exporter.</summary>
    /// <returns>Whether it was accepted.</returns>
    public Task<bool> ExportAsync() => Get<MetricsExporter>().ExportAsync(CancellationToken.None);

    /// <summary>What a scraper reads.</summary>
    public async Task<(string Text, string Type)> ScrapeAsync(string accept = "*/*")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Http, "/metrics"));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await _client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadAsStringAsync(), response.Content.Headers.ContentType!.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.StopAsync();
        await _server.DisposeAsync();
        _logs.Dispose();
    }
}
