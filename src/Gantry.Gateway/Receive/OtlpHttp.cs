using System.Globalization;
using Gantry.Gateway.Receive.Access;
using Gantry.Gateway.Receive.Body;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Json;
using Gantry.Protocol.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gantry.Gateway.Receive;

/// <summary>OTLP/HTTP: POST in protobuf or JSON; answers in the encoding of the request.</summary>
internal sealed class OtlpHttp(
    IExportPipeline pipeline, BodyRooms rooms, AccessTokens tokens, ReceiveStats stats, ReturnTimes returns, GatewayOptions options, TimeProvider time)
{
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";
    private const string Encoding = "Content-Encoding";

    public Task HandleAsync(HttpContext context, Signal signal)
    {
        var request = context.Request;
        var isKnown = TryGetEncoding(request.ContentType, out var isJson);
        if (!HttpMethods.IsPost(request.Method))
        {
            context.Response.Headers.Allow = "POST";
            return RefuseAsync(context, isJson, StatusCodes.Status405MethodNotAllowed, new ExportOutcome(
                RpcCode.Unimplemented, $"{request.Method} {request.Path}: OTLP is sent with POST"));
        }

        if (!isKnown)
        {
            return RefuseAsync(context, isJson: false, StatusCodes.Status415UnsupportedMediaType, ExportOutcome.Malformed(
                $"Content-Type \"{request.ContentType}\": send {Protobuf} or {Json}"));
        }

        if (tokens.Refuse(request.Headers.Authorization) is { } reason)
        {
            stats.CountUnauthenticated();
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return RefuseAsync(context, isJson, StatusCodes.Status401Unauthorized, new ExportOutcome(RpcCode.Unauthenticated, reason));
        }

        if (signal == Signal.Profiles && isJson)
        {
            return RefuseAsync(context, isJson, StatusCodes.Status415UnsupportedMediaType, ExportOutcome.Malformed(
                $"Content-Type \"{Json}\": profiles are still in development and each release of OTLP has other fields; send {Protobuf}, which is passed on as it is"));
        }

        return ReceiveAsync(context, signal, isJson);
    }

    /// <summary>What nothing else answers: a wrong path is the commonest mistake in setting up an exporter.</summary>
    public Task UnknownAsync(HttpContext context) => RefuseAsync(context, isJson: false, StatusCodes.Status404NotFound, new ExportOutcome(
        RpcCode.Unimplemented,
        $"{context.Request.Path}: OTLP over HTTP is POST /v1/traces, /v1/metrics, /v1/logs or /v1development/profiles; OTLP over gRPC needs HTTP/2"));

    /// <summary>An answer that is no success, while the client may still have something to send.</summary>
    /// <param name="begun">Was the body begun?</param>
    private async Task RefuseAsync(HttpContext context, bool isJson, int status, ExportOutcome outcome, bool begun = false)
    {
        await Leftover.ClearAsync(context, begun, time);
        await ReplyAsync(context, isJson, status, outcome);
    }

    private static bool TryGetEncoding(string? contentType, out bool isJson)
    {
        isJson = false;
        if (string.Equals(contentType, Protobuf, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (!MediaTypeHeaderValue.TryParse(contentType, out var type))
        {
            return false;
        }

        isJson = type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase);
        return isJson || type.MediaType.Equals(Protobuf, StringComparison.OrdinalIgnoreCase);
    }

    private async Task ReceiveAsync(HttpContext context, Signal signal, bool isJson)
    {
        var request = context.Request;
        var limit = options.MaxRequestBytes;
        var name = request.Headers.ContentEncoding.ToString();
        var coding = ContentCodings.Parse(name, options.Receive.Zstd);
        if (coding >= ContentCoding.ZstdMissing)
        {
            await RefuseAsync(context, isJson, StatusCodes.Status415UnsupportedMediaType, ExportOutcome.Malformed(
                ContentCodings.Refuse(coding, Encoding, name, options.Receive.Zstd)));
            return;
        }

        if (request.ContentLength > limit)
        {
            await RefuseAsync(context, isJson, StatusCodes.Status413PayloadTooLarge, ExportOutcome.TooLarge(limit));
            return;
        }

        BodyFault fault;
        using (var body = new ReceivedBody(rooms))
        {
            fault = await body.ReadAsync(request.BodyReader, coding, request.ContentLength, limit, context.RequestAborted);
            if (fault == BodyFault.None)
            {
                stats.CountAdmitted();
                var outcome = isJson
                    ? await TranscodeAndExportAsync(context, signal, body)
                    : await pipeline.ExportAsync(signal, body.Bytes, context.RequestAborted);
                await ReplyAsync(context, isJson, StatusOf(outcome.Code), outcome);
                return;
            }
        }

        // What it held is given back before the client is waited for.
        await RefuseBodyAsync(context, isJson, fault, coding);
    }

    private async Task RefuseBodyAsync(HttpContext context, bool isJson, BodyFault fault, ContentCoding coding)
    {
        var outcome = BodyFaults.Describe(fault, options.MaxRequestBytes, Encoding, coding, returns);
        switch (fault)
        {
            case BodyFault.Gone:
                // Nobody is left to answer; and Kestrel would try to read on, and log as an error of ours that it cannot.
                context.Abort();
                break;
            case BodyFault.TooSlow:
                context.Response.Headers.Connection = HttpProtocol.IsHttp2(context.Request.Protocol) ? default : new("close");
                await ReplyAsync(context, isJson, StatusCodes.Status408RequestTimeout, outcome);
                break;
            case BodyFault.BadRequest:
                await ReplyAsync(context, isJson, StatusCodes.Status400BadRequest, outcome);
                await context.Response.CompleteAsync();
                // Kestrel would try to read on, and log as an error of ours that it cannot. The answer gets a moment to leave before.
                await Task.Delay(TimeSpan.FromMilliseconds(100), time);
                context.Abort();
                break;
            default:
                await RefuseAsync(context, isJson, StatusOf(outcome.Code), outcome, begun: true);
                break;
        }
    }

    private async ValueTask<ExportOutcome> TranscodeAndExportAsync(HttpContext context, Signal signal, ReceivedBody body)
    {
        var expected = body.Bytes.Length;
        if (!await body.ReserveAsync(expected, context.RequestAborted))
        {
            return ExportOutcome.Overloaded(returns.Next());
        }

        var limit = options.MaxRequestBytes;
        using var protobuf = new ProtoWriter(expected);
        var fault = OtlpJson.Transcode(ExportPipeline.SchemaOf(signal), body.Bytes.Span, protobuf, limit);
        var more = protobuf.WrittenMemory.Length - expected;
        if (more + expected > limit)
        {
            return ExportOutcome.TooLarge(limit);
        }

        if (fault is not null)
        {
            return ExportOutcome.Malformed(fault);
        }

        // Mostly it is shorter: names become a byte, hex half of itself. Lists of small numbers grow, up to four times.
        return more > 0 && !await body.ReserveAsync(more, context.RequestAborted)
            ? ExportOutcome.Overloaded(returns.Next())
            : await pipeline.ExportAsync(signal, protobuf.WrittenMemory, context.RequestAborted);
    }

    private static int StatusOf(RpcCode code) => code switch
    {
        RpcCode.Ok => StatusCodes.Status200OK,
        RpcCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        RpcCode.ResourceExhausted => StatusCodes.Status413PayloadTooLarge,
        _ => StatusCodes.Status400BadRequest,
    };

    private static ValueTask ReplyAsync(HttpContext context, bool isJson, int status, ExportOutcome outcome)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = isJson ? Json : Protobuf;
        if (outcome.RetryAfter is { } delay)
        {
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        var body = isJson ? OtlpReply.Json(outcome) : OtlpReply.Protobuf(outcome);
        response.ContentLength = body.Length;
        return body.Length == 0 ? ValueTask.CompletedTask : new ValueTask(response.Body.WriteAsync(body, context.RequestAborted).AsTask());
    }
}
