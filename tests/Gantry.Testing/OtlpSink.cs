using System.Collections.Concurrent;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gantry.Testing;

/// <summary>A peer behind the gateway: an OTLP destination and a hub in one, that keeps what it got and answers as it is told.</summary>
public sealed class OtlpSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _requests = new();
    private readonly ConcurrentQueue<ObservationBatch> _reports = new();

    private OtlpSink(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/api/v1/observations", async context =>
        {
            var batch = WireMessage.TryRead<ObservationBatch>(await BodyAsync(context), out _)!;
            _reports.Enqueue(batch);
            context.Response.ContentType = ObservationBatch.ContentType;
            await context.Response.Body.WriteAsync(new ObservationReply().ToArray());
        });
        _app.MapPost("/{**path}", async context =>
        {
            var body = await BodyAsync(context);
            var status = Answer(_requests.Count);
            if (status == 200)
            {
                _requests.Enqueue((context.Request.Path, body));
            }

            context.Response.StatusCode = status;
            context.Response.ContentType = "application/x-protobuf";
            await context.Response.Body.WriteAsync(status == 200 ? Body : []);
        });
    }

    public Uri Address => new(_app.Urls.First());

    /// <summary>The status for the request that follows this many accepted ones.</summary>
    public Func<int, int> Answer { get; set; } = static _ => 200;

    /// <summary>What an accepted request is answered with.</summary>
    public byte[] Body { get; set; } = [];

    public IReadOnlyCollection<(string Path, byte[] Body)> Requests => _requests;

    public IReadOnlyCollection<ObservationBatch> Reports => _reports;

    /// <param name="port">0 takes a free one.</param>
    public static async Task<OtlpSink> StartAsync(int port = 0)
    {
        var sink = new OtlpSink(port);
        await sink._app.StartAsync();
        return sink;
    }

    /// <summary>The cumulative RED as the hub would know it: the newest count of each series.</summary>
    public IReadOnlyDictionary<(string Service, string Operation, int Kind, int Status, RedSource Source), RedSeries> Red()
    {
        var newest = new Dictionary<(string, string, int, int, RedSource), RedSeries>();
        foreach (var report in _reports)
        {
            foreach (var series in report.Red)
            {
                var service = report.Services.Single(item => item.Id == series.Service).Name;
                newest[(service, series.Operation, series.Kind, series.Status, series.Source)] = series;
            }
        }

        return newest;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static async Task<byte[]> BodyAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        return buffer.ToArray();
    }
}
