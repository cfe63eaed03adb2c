using Gantry.Gateway.Forward;
using Gantry.Gateway.Observe;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Schema;
using Gantry.Protocol.Otlp.Traces;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Receive;

/// <summary>
/// The way of a request through the gateway: observe, forward, then count and acknowledge. Counting waits for the destination, because a
/// refused request comes again and must not be counted twice.
/// </summary>
internal sealed class ExportPipeline(Observer observer, Forwarder forwarder)
{
    public static MessageSchema SchemaOf(Signal signal) => signal switch
    {
        Signal.Traces => OtlpSchema.Traces,
        Signal.Metrics => OtlpSchema.Metrics,
        _ => OtlpSchema.Logs,
    };

    /// <param name="request">A protobuf export request; borrowed until the returned task ends.</param>
    public ValueTask<ExportOutcome> ExportAsync(Signal signal, ReadOnlyMemory<byte> request, CancellationToken cancellation) =>
        signal == Signal.Traces ? TracesAsync(request, cancellation) : OthersAsync(signal, request, cancellation);

    private async ValueTask<ExportOutcome> TracesAsync(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        var ticket = observer.ScanTraces(request.Span);
        if (ticket is null)
        {
            return Malformed(Signal.Traces, request.Span);
        }

        var rejected = ticket.Rejected;
        if (forwarder.IsOn && ticket.Spans > 0)
        {
            using var rest = rejected > 0 ? SpanSplicer.WithoutInvalid(request.Span) : null;
            if (await ForwardAsync(Signal.Traces, rest?.WrittenMemory ?? request, cancellation) is { } refusal)
            {
                observer.Discard(ticket);
                return refusal;
            }
        }

        observer.Commit(ticket);
        return rejected == 0
            ? default
            : new ExportOutcome(
                RpcCode.Ok,
                $"{rejected} spans refused: trace_id must be 16 bytes and span_id 8 bytes, neither all zero, parent_span_id 8 bytes or empty",
                rejected);
    }

    private async ValueTask<ExportOutcome> OthersAsync(Signal signal, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        var items = Observer.Validate(signal, request.Span);
        if (items < 0)
        {
            return Malformed(signal, request.Span);
        }

        if (forwarder.IsOn && items > 0 && await ForwardAsync(signal, request, cancellation) is { } refusal)
        {
            return refusal;
        }

        observer.Commit(signal, request.Span);
        return default;
    }

    private async ValueTask<ExportOutcome?> ForwardAsync(Signal signal, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        var result = await forwarder.SendAsync(signal, request, cancellation);
        return result.Verdict switch
        {
            ForwardVerdict.Accepted => null,
            ForwardVerdict.Unavailable => new ExportOutcome(RpcCode.Unavailable, result.Reason, RetryAfter: result.RetryAfter ?? RetryDelay.Next()),
            _ => ExportOutcome.Malformed(result.Reason),
        };
    }

    /// <summary>The scanner says only that it is wrong; its slow twin says where.</summary>
    private static ExportOutcome Malformed(Signal signal, ReadOnlySpan<byte> request)
    {
        var fault = SchemaValidator.Validate(SchemaOf(signal), request) ?? new SchemaFault(WireError.Truncated, SchemaOf(signal).Name);
        return ExportOutcome.Malformed($"malformed protobuf: {fault.Describe()}");
    }
}
