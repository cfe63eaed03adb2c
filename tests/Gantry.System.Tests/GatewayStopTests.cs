using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;
using Gantry.Testing.Otlp;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gantry.System.Tests;

/// <summary>
/// The last words of the real program: a gateway that is told to stop tells the hub every chosen span that it took, without a hole, and that nothing is left. A hub that did not
/// hear that would judge no trace for five minutes.
/// </summary>
[Collection("Time")]
public sealed partial class GatewayStopTests
{
    private const int Least = 50;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<ObservationBatch> _told = [];

    [Theory]
    [InlineData(GantryProcess.SigTerm)]
    [InlineData(GantryProcess.SigInt)]
    public async Task A_gateway_that_stops_has_told_everything_and_takes_its_leave(int signal)
    {
        await using var hub = await StartHubAsync();
        await using var gateway = GantryProcess.Start([], "gateway", "--hub", hub.Urls.First(), "--grpc-port", "0", "--http-port", "0", "--log-level", "error");
        await gateway.WaitForAsync("the door on stdout", () => HttpDoor().IsMatch(gateway.Out), StartLimit);
        await gateway.WaitForAsync("a report", () => !_told.IsEmpty, StartLimit);
        var accepted = new ConcurrentQueue<ulong>();
        var client = Task.Run(() => SendAsync(HttpDoor().Match(gateway.Out).Groups["address"].Value, accepted));
        await gateway.WaitForAsync("accepted spans", () => accepted.Count > Least, StartLimit);

        // It is told in the midst of taking more.
        await gateway.StopAsync(signal);
        await client;

        var told = _told.Where(batch => batch.ChosenSinceUnixNano > 0).ToList();
        Assert.Empty(accepted.Except(told.SelectMany(batch => batch.Spans).Select(span => span.Span)));
        Assert.Equal(told.SkipLast(1).Select(batch => batch.SentUnixNano), told.Skip(1).Select(batch => batch.ChosenSinceUnixNano));
        Assert.Equal([.. Enumerable.Repeat(false, _told.Count - 1), true], _told.Select(batch => batch.IsLast));
    }

    [Fact]
    public async Task A_gateway_that_was_killed_is_named_by_the_one_that_takes_its_place()
    {
        var state = Directory.CreateTempSubdirectory("gantry-gateway-");
        try
        {
            await using var hub = await StartHubAsync();
            string[] arguments = ["gateway", "--hub", hub.Urls.First(), "--grpc-port", "0", "--http-port", "0", "--state", state.FullName, "--log-level", "error"];
            await using (var first = GantryProcess.Start([], arguments))
            {
                await first.WaitForAsync("a report", () => !_told.IsEmpty, StartLimit);
                await first.StopAsync(GantryProcess.SigKill, expected: 128 + GantryProcess.SigKill);
            }

            var killed = _told.Select(batch => batch.GatewayId).Distinct().Single();
            Assert.All(_told, batch => Assert.Equal("", batch.Replaces));
            await using var second = GantryProcess.Start([], arguments);
            await second.WaitForAsync("a report", () => _told.Any(batch => batch.GatewayId != killed), StartLimit);

            Assert.Equal(killed, _told.First(batch => batch.GatewayId != killed).Replaces);
        }
        finally
        {
            state.Delete(recursive: true);
        }
    }

    /// <summary>It takes reports, and has no policy.</summary>
    private async Task<WebApplication> StartHubAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(async context =>
        {
            if (context.Request.Path != "/api/v1/observations")
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _told.Enqueue(WireMessage.TryRead<ObservationBatch>(body.ToArray(), out _)!);
            context.Response.ContentType = ObservationBatch.ContentType;
            await context.Response.Body.WriteAsync(new ObservationReply().ToArray());
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>One span after the other, until the gateway takes no more.</summary>
    /// <param name="accepted">Ids of those that were answered with 200, as the gateway tells them.</param>
    private static async Task SendAsync(string door, ConcurrentQueue<ulong> accepted)
    {
        using var http = new HttpClient();
        while (true)
        {
            var id = RandomNumberGenerator.GetBytes(8);
            using var content = new ByteArrayContent(Request(id));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            try
            {
                using var answer = await http.PostAsync(new Uri($"{door}/v1/traces"), content);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    accepted.Enqueue(BinaryPrimitives.ReadUInt64BigEndian(id));
                }
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private static byte[] Request(byte[] id)
    {
        var span = new Span
        {
            TraceId = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(16)), SpanId = ByteString.CopyFrom(id), Name = "GET /", Kind = 2, StartTimeUnixNano = 1_000_000_000, EndTimeUnixNano = 1_002_000_000,
        };
        var resource = new Resource();
        resource.Attributes.Add(new KeyValue { Key = "service.name", Value = new AnyValue { StringValue = "shop" } });
        return new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans { Resource = resource, ScopeSpans = { new ScopeSpans { Spans = { span } } } } } }.ToByteArray();
    }

    [GeneratedRegex(@"^  OTLP/HTTP +(?<address>\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HttpDoor();
}
