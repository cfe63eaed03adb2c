using System.Buffers;
using System.Text.Json;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Receive;

/// <summary>
/// Bodies of answers. Success: Export…ServiceResponse {partial_success = 1 {rejected = 1, error_message = 2}}, empty when all was accepted.
/// Failure: google.rpc.Status {code = 1, message = 2, details = 3}.
/// </summary>
internal static class OtlpReply
{
    public static byte[] Protobuf(ExportOutcome outcome)
    {
        if (outcome is { Code: RpcCode.Ok, Rejected: 0 })
        {
            return [];
        }

        using var writer = new ProtoWriter(256);
        if (outcome.Code == RpcCode.Ok)
        {
            var mark = writer.Begin(1);
            writer.Int(1, outcome.Rejected);
            writer.String(2, outcome.Message);
            writer.End(mark);
        }
        else
        {
            Status(writer, outcome);
        }

        return writer.ToArray();
    }

    public static byte[] Json(ExportOutcome outcome)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        if (outcome.Code != RpcCode.Ok)
        {
            writer.WriteNumber("code", (int)outcome.Code);
            writer.WriteString("message", outcome.Message);
        }
        else if (outcome.Rejected > 0)
        {
            writer.WriteStartObject("partialSuccess");
            // OTLP names this field by signal; only spans are ever refused one by one.
            writer.WriteString("rejectedSpans", outcome.Rejected.ToString(System.Globalization.CultureInfo.InvariantCulture));
            writer.WriteString("errorMessage", outcome.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>google.rpc.Status; a delay goes along as google.rpc.RetryInfo {retry_delay = 1 {seconds = 1, nanos = 2}} in an Any.</summary>
    public static void Status(ProtoWriter writer, ExportOutcome outcome)
    {
        writer.Int(1, (int)outcome.Code);
        writer.String(2, outcome.Message);
        if (outcome.RetryAfter is not { } delay)
        {
            return;
        }

        var any = writer.Begin(3);
        writer.String(1, "type.googleapis.com/google.rpc.RetryInfo");
        var value = writer.Begin(2);
        var duration = writer.Begin(1);
        writer.Int(1, (long)delay.TotalSeconds);
        writer.Int(2, delay.Ticks % TimeSpan.TicksPerSecond * 100);
        writer.End(duration);
        writer.End(value);
        writer.End(any);
    }
}
