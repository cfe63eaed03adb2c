using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;

namespace Gantry.PlainGateway;

/// <summary>OTLP over HTTP and over gRPC, both unary; gRPC by hand, as its server library is not among this repository's packages.</summary>
internal static class OtlpEndpoints
{
    private const int PrefixLength = 5;

    public static async Task HttpAsync(HttpContext context, Pipeline pipeline)
    {
        // RequestDecompression has replaced the body where it was compressed.
        using var body = await Buffered.ReadAsync(context.Request.Body, (int)(context.Request.ContentLength ?? 0), context.RequestAborted);
        var accepted = await pipeline.ExportAsync(body.Memory, context.RequestAborted);
        context.Response.StatusCode = accepted ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "application/x-protobuf";
        context.Response.ContentLength = 0;
        if (!accepted)
        {
            context.Response.Headers.RetryAfter = "1";
        }
    }

    public static async Task GrpcAsync(HttpContext context, Pipeline pipeline)
    {
        using var frame = await Buffered.ReadAsync(context.Request.Body, 0, context.RequestAborted);
        var message = frame.Memory[PrefixLength..];
        bool accepted;
        if (frame.Memory.Span[0] == 0)
        {
            accepted = await pipeline.ExportAsync(message, context.RequestAborted);
        }
        else
        {
            await using var gzip = new GZipStream(AsStream(message), CompressionMode.Decompress);
            using var inflated = await Buffered.ReadAsync(gzip, message.Length * 8, context.RequestAborted);
            accepted = await pipeline.ExportAsync(inflated.Memory, context.RequestAborted);
        }

        var response = context.Response;
        response.ContentType = "application/grpc";
        if (accepted)
        {
            await response.Body.WriteAsync(new byte[PrefixLength], context.RequestAborted);
        }

        response.AppendTrailer("grpc-status", accepted ? "0" : "14");
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> bytes) => MemoryMarshal.TryGetArray(bytes, out var array)
        ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
        : new MemoryStream(bytes.ToArray(), writable: false);
}
