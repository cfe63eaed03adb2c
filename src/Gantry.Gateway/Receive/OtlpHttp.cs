using System.Globalization;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Json;
using Gantry.Protocol.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Gantry.Gateway.Receive;

/// <summary>OTLP/HTTP: POST /v1/traces, /v1/metrics, /v1/logs in protobuf or JSON, plain or gzip; answers in the encoding of the request.</summary>
internal sealed class OtlpHttp(IExportPipeline pipeline, GatewayOptions options)
{
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";

    public async Task HandleAsync(HttpContext context, Signal signal)
    {
        if (!TryGetEncoding(context.Request, out var isJson))
        {
            await ReplyAsync(context, isJson: false, StatusCodes.Status415UnsupportedMediaType, ExportOutcome.Malformed(
                $"Content-Type \"{context.Request.ContentType}\": send {Protobuf} or {Json}"));
            return;
        }

        var (status, outcome) = await ReadAndExportAsync(context, signal, isJson);
        await ReplyAsync(context, isJson, status, outcome);
    }

    /// <summary>What nothing else answers: a wrong path is the commonest mistake in setting up an exporter.</summary>
    public static Task UnknownAsync(HttpContext context) => ReplyAsync(context, isJson: false, StatusCodes.Status404NotFound, new ExportOutcome(
        RpcCode.Unimplemented, $"{context.Request.Path}: OTLP over HTTP is POST /v1/traces, /v1/metrics or /v1/logs here; OTLP over gRPC has a port of its own"));

    private static bool TryGetEncoding(HttpRequest request, out bool isJson)
    {
        isJson = false;
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            return false;
        }

        isJson = type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase);
        return isJson || type.MediaType.Equals(Protobuf, StringComparison.OrdinalIgnoreCase);
    }

    private async ValueTask<(int Status, ExportOutcome Outcome)> ReadAndExportAsync(HttpContext context, Signal signal, bool isJson)
    {
        var request = context.Request;
        var encoding = request.Headers.ContentEncoding.ToString();
        if (request.ContentLength > options.MaxRequestBytes)
        {
            return (StatusCodes.Status413PayloadTooLarge, ExportOutcome.TooLarge(options.MaxRequestBytes));
        }

        using var body = new RequestBody();
        switch (await body.ReadAsync(request.Body, encoding, options.MaxRequestBytes, context.RequestAborted))
        {
            case BodyFault.TooLarge:
                return (StatusCodes.Status413PayloadTooLarge, ExportOutcome.TooLarge(options.MaxRequestBytes));
            case BodyFault.UnknownEncoding:
                return (StatusCodes.Status415UnsupportedMediaType, ExportOutcome.Malformed($"Content-Encoding \"{encoding}\": send gzip or none"));
            case BodyFault.BadRequest:
                return (StatusCodes.Status400BadRequest, ExportOutcome.Malformed("the request broke off or is no valid HTTP"));
            case BodyFault.BadCompression:
                return (StatusCodes.Status400BadRequest, ExportOutcome.Malformed("Content-Encoding says gzip, but the body is not a complete gzip stream"));
        }

        if (!isJson)
        {
            return WithStatus(await pipeline.ExportAsync(signal, body.Bytes, context.RequestAborted));
        }

        using var protobuf = new ProtoWriter(body.Bytes.Length);
        return OtlpJson.Transcode(ExportPipeline.SchemaOf(signal), body.Bytes.Span, protobuf) is { } fault
            ? (StatusCodes.Status400BadRequest, ExportOutcome.Malformed(fault))
            : WithStatus(await pipeline.ExportAsync(signal, protobuf.WrittenMemory, context.RequestAborted));
    }

    private static (int Status, ExportOutcome Outcome) WithStatus(ExportOutcome outcome) => (
        outcome.Code switch
        {
            RpcCode.Ok => StatusCodes.Status200OK,
            RpcCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
            RpcCode.ResourceExhausted => StatusCodes.Status413PayloadTooLarge,
            _ => StatusCodes.Status400BadRequest,
        },
        outcome);

    private static async Task ReplyAsync(HttpContext context, bool isJson, int status, ExportOutcome outcome)
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
        await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
