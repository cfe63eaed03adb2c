using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using Gantry.Gateway.Compression;
using Gantry.Testing.Otlp;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Tests.Forward;

/// <param name="Body">Inflated, without a gRPC prefix.</param>
internal sealed record Received(string Path, byte[] Body, string Encoding, string? Authorization)
{
    /// <summary>Names of the spans, as the official parser reads them.</summary>
    public IReadOnlyList<string> Names =>
        [.. ExportTraceServiceRequest.Parser.ParseFrom(Body).ResourceSpans.SelectMany(block => block.ScopeSpans).SelectMany(scope => scope.Spans).Select(span => span.Name)];
}

/// <param name="Code">grpc-status, over gRPC.</param>
/// <param name="Details">grpc-status-details-bin, before base64.</param>
/// <param name="InHeaders">A gRPC answer of headers alone.</param>
internal sealed record Reply(int Status = 200, byte[]? Body = null, string? RetryAfter = null, int Code = 0, byte[]? Details = null, bool InHeaders = false);

/// <summary>A real OTLP server, HTTP/1.1 on one port and gRPC on another, that answers as it is told.</summary>
internal sealed class ScriptedDestination : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedDestination(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        _app = builder.Build();
        _app.MapPost("/{**path}", HandleAsync);
    }

    public Uri Http => new(_app.Urls.First());

    public Uri Grpc => new(_app.Urls.Last());

    public Func<Received, Task<Reply>> Answer { get; set; } = static _ => Task.FromResult(new Reply());

    public ConcurrentQueue<Received> All { get; } = new();

    /// <summary>What was answered with success.</summary>
    public ConcurrentQueue<Received> Accepted { get; } = new();

    /// <summary>Of all accepted requests, in order.</summary>
    public IReadOnlyList<string> Names => [.. Accepted.SelectMany(received => received.Names)];

    public static async Task<ScriptedDestination> StartAsync(int port = 0)
    {
        var destination = new ScriptedDestination(port);
        await destination._app.StartAsync();
        return destination;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var grpc = context.Request.ContentType == "application/grpc";
        using var raw = new MemoryStream();
        await context.Request.Body.CopyToAsync(raw);
        var bytes = raw.ToArray();
        var encoding = context.Request.Headers[grpc ? "grpc-encoding" : "Content-Encoding"].ToString();
        if (grpc)
        {
            Assert.Equal(bytes.Length - 5, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)));
            Assert.Equal(encoding.Length > 0 ? 1 : 0, bytes[0]);
            Assert.Equal("trailers", context.Request.Headers.TE);
            bytes = bytes[5..];
        }

        var received = new Received(context.Request.Path, Inflate(bytes, encoding), encoding, context.Request.Headers.Authorization);
        All.Enqueue(received);
        var reply = await Answer(received);
        if (reply is { Status: 200, Code: 0 })
        {
            Accepted.Enqueue(received);
        }

        await (grpc ? GrpcAsync(context.Response, reply) : HttpAsync(context.Response, reply));
    }

    private static async Task HttpAsync(HttpResponse response, Reply reply)
    {
        response.StatusCode = reply.Status;
        response.ContentType = "application/x-protobuf";
        if (reply.RetryAfter is not null)
        {
            response.Headers.RetryAfter = reply.RetryAfter;
        }

        await response.Body.WriteAsync(reply.Body ?? []);
    }

    private static async Task GrpcAsync(HttpResponse response, Reply reply)
    {
        response.StatusCode = reply.Status;
        response.ContentType = "application/grpc";
        var trailers = new Dictionary<string, string> { ["grpc-status"] = $"{reply.Code}" };
        if (reply.Details is not null)
        {
            trailers["grpc-status-details-bin"] = Convert.ToBase64String(reply.Details).TrimEnd('=');
        }

        foreach (var (name, value) in trailers)
        {
            if (reply.InHeaders)
            {
                response.Headers[name] = value;
            }
            else
            {
                response.AppendTrailer(name, value);
            }
        }

        if (reply.Code == 0)
        {
            var body = reply.Body ?? [];
            await response.Body.WriteAsync((byte[])[0, 0, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body]);
        }
    }

    private static byte[] Inflate(byte[] bytes, string encoding)
    {
        switch (encoding)
        {
            case "":
                return bytes;
            case "gzip":
                using (var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress))
                using (var target = new MemoryStream())
                {
                    gzip.CopyTo(target);
                    return target.ToArray();
                }

            case "zstd":
                using (var decoder = ZstdDecoder.Rent())
                {
                    var target = new byte[32 * 1024 * 1024];
                    Assert.True(decoder.TryDecode(bytes, target, out var consumed, out var written));
                    Assert.Equal(bytes.Length, consumed);
                    Assert.True(decoder.AtFrameEnd);
                    return target[..written];
                }

            default:
                throw new InvalidOperationException($"encoding {encoding} {Encoding.UTF8.GetString(bytes)}");
        }
    }
}
