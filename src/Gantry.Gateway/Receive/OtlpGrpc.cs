using System.Buffers.Binary;
using System.Globalization;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;
using Microsoft.AspNetCore.Http;

namespace Gantry.Gateway.Receive;

/// <summary>
/// OTLP/gRPC, unary, by hand: a message is one byte "compressed", four bytes length (big-endian), then the payload; the status travels in
/// trailers. (gRPC over HTTP/2, https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md .)
/// </summary>
internal sealed class OtlpGrpc(IExportPipeline pipeline, GatewayOptions options)
{
    public const int PrefixLength = 5;

    public async Task HandleAsync(HttpContext context, Signal signal)
    {
        var request = context.Request;
        if (!HttpProtocol.IsHttp2(request.Protocol))
        {
            await OtlpHttp.UnknownAsync(context);
            return;
        }

        if (request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var outcome = await ReadAndExportAsync(context, signal);
        await ReplyAsync(context, outcome);
    }

    /// <summary>The answer to a method that we do not have.</summary>
    public static Task UnknownAsync(HttpContext context) => !HttpProtocol.IsHttp2(context.Request.Protocol) ? OtlpHttp.UnknownAsync(context) : ReplyAsync(context, new ExportOutcome(
        RpcCode.Unimplemented, $"{context.Request.Path}: this gateway has TraceService, MetricsService and LogsService, method Export"));

    private async ValueTask<ExportOutcome> ReadAndExportAsync(HttpContext context, Signal signal)
    {
        using var frame = new RequestBody();
        var limit = options.MaxRequestBytes + PrefixLength;
        switch (await frame.ReadAsync(context.Request.Body, "", limit, context.RequestAborted))
        {
            case BodyFault.TooLarge:
                return ExportOutcome.TooLarge(options.MaxRequestBytes);
            case BodyFault.BadRequest:
                return ExportOutcome.Malformed("the request broke off or is no valid HTTP");
        }

        if (frame.Bytes.Length < PrefixLength
            || BinaryPrimitives.ReadUInt32BigEndian(frame.Bytes.Span[1..]) != frame.Bytes.Length - PrefixLength)
        {
            return ExportOutcome.Malformed("the gRPC message does not have the length that its prefix says");
        }

        var payload = frame.Bytes[PrefixLength..];
        return frame.Bytes.Span[0] == 0
            ? await pipeline.ExportAsync(signal, payload, context.RequestAborted)
            : await InflateAndExportAsync(context, signal, payload);
    }

    private async ValueTask<ExportOutcome> InflateAndExportAsync(HttpContext context, Signal signal, ReadOnlyMemory<byte> payload)
    {
        var encoding = context.Request.Headers["grpc-encoding"].ToString();
        using var body = new RequestBody();
        using var compressed = new MemoryStream(payload.ToArray(), writable: false);
        return await body.ReadAsync(compressed, encoding, options.MaxRequestBytes, context.RequestAborted) switch
        {
            BodyFault.None => await pipeline.ExportAsync(signal, body.Bytes, context.RequestAborted),
            BodyFault.TooLarge => ExportOutcome.TooLarge(options.MaxRequestBytes),
            BodyFault.UnknownEncoding => new ExportOutcome(RpcCode.Unimplemented, $"grpc-encoding \"{encoding}\": send gzip or none"),
            _ => ExportOutcome.Malformed("grpc-encoding says gzip, but the message is not a complete gzip stream"),
        };
    }

    private static async Task ReplyAsync(HttpContext context, ExportOutcome outcome)
    {
        var response = context.Response;
        response.ContentType = "application/grpc";
        response.Headers["grpc-accept-encoding"] = "identity,gzip";
        if (outcome.Code == RpcCode.Ok)
        {
            var message = OtlpReply.Protobuf(outcome);
            var frame = new byte[PrefixLength + message.Length];
            BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
            message.CopyTo(frame.AsSpan(PrefixLength));
            await response.Body.WriteAsync(frame, context.RequestAborted);
        }
        else
        {
            response.AppendTrailer("grpc-message", PercentEncode(outcome.Message));
            if (outcome.RetryAfter is not null)
            {
                using var status = new ProtoWriter(256);
                OtlpReply.Status(status, outcome);
                response.AppendTrailer("grpc-status-details-bin", Convert.ToBase64String(status.Written).TrimEnd('='));
            }
        }

        response.AppendTrailer("grpc-status", ((int)outcome.Code).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>grpc-message: UTF-8 bytes outside of printable ASCII, and '%', as %XX.</summary>
    private static string PercentEncode(string message) => string.Concat(
        System.Text.Encoding.UTF8.GetBytes(message).Select(b => b is >= 0x20 and <= 0x7E and not (byte)'%' ? ((char)b).ToString() : $"%{b:X2}"));
}
