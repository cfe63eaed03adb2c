using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using Gantry.Gateway.Receive.Access;
using Gantry.Gateway.Receive.Body;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gantry.Gateway.Receive;

/// <summary>
/// OTLP/gRPC, unary, by hand: a message is one byte "compressed", four bytes length (big-endian), then the payload; the status travels in
/// trailers. (gRPC over HTTP/2, https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md .)
/// </summary>
internal sealed class OtlpGrpc(IExportPipeline pipeline, BodyRooms rooms, AccessTokens tokens, ReceiveStats stats, ReturnTimes returns, GatewayOptions options)
{
    private const int PrefixLength = 5;
    private const string ContentType = "application/grpc";
    private const string Encoding = "grpc-encoding";

    private readonly string _acceptEncoding = ContentCodings.GrpcAccepted(options.Receive.Zstd);

    /// <summary>Is it gRPC? Also the variants with "+proto" behind it.</summary>
    public static bool IsCall(HttpRequest request) =>
        HttpProtocol.IsHttp2(request.Protocol) && request.ContentType?.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase) == true;

    public async Task HandleAsync(HttpContext context, Signal signal)
    {
        var outcome = Refuse(context.Request) ?? await ReadAndExportAsync(context, signal);
        if (outcome is { } answer)
        {
            Reply(context, answer);
        }
    }

    /// <summary>The answer to a method that we do not have.</summary>
    public Task UnknownAsync(HttpContext context)
    {
        Reply(context, new ExportOutcome(
            RpcCode.Unimplemented, $"{context.Request.Path}: this gateway has TraceService, MetricsService, LogsService and ProfilesService, method Export"));
        return Task.CompletedTask;
    }

    private ExportOutcome? Refuse(HttpRequest request)
    {
        if (tokens.Refuse(request.Headers.Authorization) is not { } reason)
        {
            return null;
        }

        stats.CountUnauthenticated();
        return new ExportOutcome(RpcCode.Unauthenticated, reason);
    }

    /// <returns>Null when the client is gone.</returns>
    private async ValueTask<ExportOutcome?> ReadAndExportAsync(HttpContext context, Signal signal)
    {
        var reader = context.Request.BodyReader;
        var limit = options.MaxRequestBytes;
        var (isWhole, isCompressed, length) = await ReadPrefixAsync(reader);
        if (!isWhole)
        {
            return context.RequestAborted.IsCancellationRequested ? null : ExportOutcome.Malformed("there is no gRPC message");
        }

        if (length > limit)
        {
            return ExportOutcome.TooLarge(limit);
        }

        var coding = ContentCoding.Identity;
        if (isCompressed)
        {
            var name = context.Request.Headers[Encoding].ToString();
            coding = ContentCodings.Parse(name, options.Receive.Zstd);
            if (coding >= ContentCoding.ZstdMissing)
            {
                return new ExportOutcome(RpcCode.Unimplemented, ContentCodings.Refuse(coding, Encoding, name, options.Receive.Zstd));
            }
        }

        using var body = new ReceivedBody(rooms);
        var fault = await body.ReadAsync(reader, coding, length, limit, context.RequestAborted);
        if (fault is BodyFault.None && body.Received != length)
        {
            return ExportOutcome.Malformed($"the gRPC message has {body.Received} bytes; its prefix says {length}");
        }

        if (fault is BodyFault.None)
        {
            stats.CountAdmitted();
        }

        return fault switch
        {
            BodyFault.None => await pipeline.ExportAsync(signal, body.Bytes, context.RequestAborted),
            BodyFault.Gone => null,
            _ => BodyFaults.Describe(fault, limit, Encoding, coding, returns),
        };
    }

    private static async ValueTask<(bool IsWhole, bool IsCompressed, long Length)> ReadPrefixAsync(PipeReader reader)
    {
        try
        {
            var result = await reader.ReadAtLeastAsync(PrefixLength);
            if (result.Buffer.Length < PrefixLength)
            {
                return default;
            }

            var prefix = ReadPrefix(result.Buffer);
            reader.AdvanceTo(result.Buffer.GetPosition(PrefixLength));
            return prefix;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return default;
        }
    }

    private static (bool IsWhole, bool IsCompressed, long Length) ReadPrefix(ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        return (true, prefix[0] != 0, BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]));
    }

    private void Reply(HttpContext context, ExportOutcome outcome)
    {
        var response = context.Response;
        response.ContentType = ContentType;
        response.Headers["grpc-accept-encoding"] = _acceptEncoding;
        var trailers = context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers;
        if (outcome.Code == RpcCode.Ok)
        {
            // Not flushed: it leaves together with the trailers.
            WriteFrame(response.BodyWriter, OtlpReply.Protobuf(outcome));
            trailers["grpc-status"] = "0";
            return;
        }

        trailers["grpc-message"] = PercentEncode(outcome.Message);
        if (outcome.RetryAfter is not null)
        {
            using var status = new ProtoWriter(256);
            OtlpReply.Status(status, outcome);
            trailers["grpc-status-details-bin"] = Convert.ToBase64String(status.Written).TrimEnd('=');
        }

        trailers["grpc-status"] = ((int)outcome.Code).ToString(CultureInfo.InvariantCulture);
    }

    private static void WriteFrame(PipeWriter writer, ReadOnlySpan<byte> message)
    {
        var frame = writer.GetSpan(PrefixLength + message.Length);
        frame[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(frame[1..], (uint)message.Length);
        message.CopyTo(frame[PrefixLength..]);
        writer.Advance(PrefixLength + message.Length);
    }

    /// <summary>grpc-message: UTF-8 bytes outside of printable ASCII, and '%', as %XX.</summary>
    private static string PercentEncode(string message) => string.Concat(
        System.Text.Encoding.UTF8.GetBytes(message).Select(b => b is >= 0x20 and <= 0x7E and not (byte)'%' ? ((char)b).ToString() : $"%{b:X2}"));
}
