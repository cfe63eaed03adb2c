using System.Buffers;
using System.IO.Compression;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Connect;

/// <summary>Answers as unary Connect has them: the message with the request's own content type, or the error as JSON with the status of its code.</summary>
internal static class ConnectResponse
{
    public static async Task WriteAsync(HttpContext context, Codec codec, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.ContentType = codec.ContentType();
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.CacheControl = "no-store";
        if (body.Length >= ConnectLimits.WorthCompressing && AcceptsGzip(context.Request))
        {
            response.Headers.ContentEncoding = "gzip";
            body = Compress(body);
        }

        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <param name="status">0: the one that goes with the code.</param>
    public static async Task WriteErrorAsync(HttpContext context, ConnectError error, int status = 0)
    {
        var target = new ArrayBufferWriter<byte>();
        ProtoJson.Write(error, target);
        context.Response.StatusCode = status == 0 ? error.Code.HttpStatus() : status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = target.WrittenCount;
        if (error.Code == ConnectCode.Unauthenticated)
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"gantry\", Bearer";
        }

        await context.Response.Body.WriteAsync(target.WrittenMemory, context.RequestAborted);
    }

    private static bool AcceptsGzip(HttpRequest request) => request.Headers.AcceptEncoding.ToString().Split(',').Any(item =>
        item.Split(';') is [var name, .. var parameters] && name.Trim().Equals("gzip", StringComparison.OrdinalIgnoreCase)
        && !parameters.Any(parameter => parameter.Replace(" ", "", StringComparison.Ordinal) is "q=0" or "q=0.0" or "q=0.00" or "q=0.000"));

    private static ReadOnlyMemory<byte> Compress(ReadOnlyMemory<byte> body)
    {
        var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body.Span);
        }

        return target.GetBuffer().AsMemory(0, (int)target.Length);
    }
}
