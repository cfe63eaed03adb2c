using System.Net;
using System.Net.Http.Headers;
using Gantry.Benchmarks.Workload;
using Gantry.Gateway;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Gantry.Benchmarks.Coverage;

/// <summary>Three real gateways that report to one hub. Each span goes to one of them, by chance.</summary>
internal sealed class ThreeGateways : IAsyncDisposable
{
    private const int SpansPerRequest = 400;

    private readonly List<GatewayServer> _gateways;
    private readonly Random _random = new(5);
    private readonly HttpClient _http = new();

    private ThreeGateways(List<GatewayServer> gateways) => _gateways = gateways;

    public static async Task<ThreeGateways> StartAsync(Uri hub)
    {
        var gateways = new List<GatewayServer>();
        for (var i = 0; i < 3; i++)
        {
            var gateway = new GatewayServer(
                new GatewayOptions { Grpc = new IPEndPoint(IPAddress.Loopback, 0), Http = new IPEndPoint(IPAddress.Loopback, 0), Hub = hub }, logging => logging.SetMinimumLevel(LogLevel.Error));
            await gateway.StartAsync();
            gateways.Add(gateway);
        }

        return new ThreeGateways(gateways);
    }

    /// <summary>Sends traces at a steady pace, spread over the gateways span by span.</summary>
    public async Task SendAsync(IReadOnlyList<CoverageSpan[]> traces, double spansPerSecond)
    {
        var began = TimeProvider.System.GetTimestamp();
        var sent = 0L;
        var waiting = _gateways.Select(_ => new List<CoverageSpan>()).ToArray();
        foreach (var span in traces.SelectMany(trace => trace))
        {
            var to = _random.Next(_gateways.Count);
            waiting[to].Add(span);
            if (waiting[to].Count < SpansPerRequest)
            {
                continue;
            }

            await PostAsync(to, waiting[to]);
            sent += waiting[to].Count;
            waiting[to].Clear();
            var ahead = (sent / spansPerSecond) - TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            if (ahead > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(ahead));
            }
        }

        for (var i = 0; i < waiting.Length; i++)
        {
            await PostAsync(i, waiting[i]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var gateway in _gateways)
        {
            await gateway.StopAsync();
            await gateway.DisposeAsync();
        }
    }

    private async Task PostAsync(int gateway, List<CoverageSpan> spans)
    {
        if (spans.Count == 0)
        {
            return;
        }

        var request = new Theirs.ExportTraceServiceRequest();
        foreach (var group in spans.GroupBy(span => span.Service, StringComparer.Ordinal))
        {
            var resource = new Theirs.Resource();
            SpanDressing.Add(resource.Attributes, "service.name", group.Key);
            SpanDressing.Add(resource.Attributes, "service.instance.id", $"{group.Key}-1");
            SpanDressing.Add(resource.Attributes, "telemetry.sdk.language", "java");
            var scope = new Theirs.ScopeSpans { Scope = new() { Name = "io.opentelemetry.jetty-12.0", Version = "2.9.0-alpha" } };
            scope.Spans.AddRange(group.Select(Dress));
            request.ResourceSpans.Add(new Theirs.ResourceSpans { Resource = resource, ScopeSpans = { scope } });
        }

        using var content = new ByteArrayContent(request.ToByteArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var answer = await _http.PostAsync(new Uri(_gateways[gateway].Http, "v1/traces"), content);
        answer.EnsureSuccessStatusCode();
    }

    private static Theirs.Span Dress(CoverageSpan span)
    {
        var now = (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;
        var dressed = new Theirs.Span
        {
            TraceId = ByteString.CopyFrom([.. Bytes(span.High), .. Bytes(span.Low)]),
            SpanId = ByteString.CopyFrom(Bytes(span.Id)),
            Name = span.Operation,
            Kind = span.Kind,
            StartTimeUnixNano = now - 20_000_000,
            EndTimeUnixNano = now,
        };
        dressed.ParentSpanId = span.Parent == 0 ? ByteString.Empty : ByteString.CopyFrom(Bytes(span.Parent));
        if (span.Failed)
        {
            dressed.Status = new() { Code = 2 };
        }

        if (span.Kind == 4)
        {
            SpanDressing.Add(dressed.Attributes, "messaging.system", "kafka");
            SpanDressing.Add(dressed.Attributes, "messaging.destination.name", span.Peer);
        }
        else if (span.Peer.Length > 0)
        {
            SpanDressing.Add(dressed.Attributes, "service.peer.name", span.Peer);
        }

        return dressed;
    }

    private static byte[] Bytes(ulong id)
    {
        var bytes = new byte[8];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, id);
        return bytes;
    }
}
