using System.Collections.Concurrent;
using System.IO.Compression;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gantry.Benchmarks.Servers;

/// <summary>What stands behind every gateway that is measured, in this process: an OTLP/HTTP destination that takes everything and keeps it only when
/// asked to, and a hub that takes reports.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<byte[]> _kept = new();
    private readonly ConcurrentDictionary<(string Service, string Operation, int Kind, int Status), RedSeries> _red = new();
    private long _bytes;
    private long _requests;
    private volatile bool _keeps;

    private Backend(WebApplication app)
    {
        _app = app;
        app.MapPost("/v1/traces", TakeAsync);
        app.MapPost("/api/v1/observations", ReportAsync);
    }

    public Uri Address => new(_app.Urls.First());

    /// <summary>Bytes of forwarded requests, as sent.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public long Requests => Interlocked.Read(ref _requests);

    public static async Task<Backend> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        var backend = new Backend(builder.Build());
        await backend._app.StartAsync();
        return backend;
    }

    /// <summary>Bodies of the requests that were forwarded while <paramref name="action"/> ran, inflated.</summary>
    public async Task<IReadOnlyList<byte[]>> KeepWhileAsync(Func<Task> action)
    {
        _kept.Clear();
        _keeps = true;
        try
        {
            await action();
        }
        finally
        {
            _keeps = false;
        }

        return [.. _kept];
    }

    /// <summary>The span counts of the one gateway that reports, as its hub would know them: cumulative, the newest of each series, added up where a
    /// gateway counts by more than these four.</summary>
    public IReadOnlyDictionary<(string Service, string Operation, int Kind, int Status), RedSeries> Red => _red;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (_keeps)
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            Interlocked.Add(ref _bytes, body.Length);
            _kept.Enqueue(Inflated(body.ToArray(), context.Request.Headers.ContentEncoding.ToString()));
        }
        else
        {
            await DiscardAsync(context);
        }

        context.Response.ContentType = "application/x-protobuf";
        context.Response.ContentLength = 0;
    }

    private async Task DiscardAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            Interlocked.Add(ref _bytes, read.Buffer.Length);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private static byte[] Inflated(byte[] body, string encoding)
    {
        if (encoding is "" or "identity")
        {
            return body;
        }

        if (encoding != "gzip")
        {
            throw new BenchmarkException($"wrong answer: a request was forwarded with Content-Encoding \"{encoding}\", asked for was none");
        }

        using var inflated = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        gzip.CopyTo(inflated);
        return inflated.ToArray();
    }

    private async Task ReportAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var batch = WireMessage.TryRead<ObservationBatch>(body.ToArray(), out _) ?? throw new InvalidDataException("not an ObservationBatch");
        var names = batch.Services.ToDictionary(service => service.Id, service => service.Name);
        foreach (var series in batch.Red.Where(series => series.Source == RedSource.Spans))
        {
            _red[(names[series.Service], series.Operation, series.Kind, series.Status)] = series;
        }

        var reply = new ObservationReply().ToArray();
        context.Response.ContentType = ObservationBatch.ContentType;
        context.Response.ContentLength = reply.Length;
        await context.Response.Body.WriteAsync(reply, context.RequestAborted);
    }
}
