using Gantry.Gateway.Forward;
using Gantry.Gateway.Observe;
using Gantry.Gateway.Sample;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Schema;
using Gantry.Protocol.Otlp.Traces;
using Gantry.Protocol.Wire;

namespace Gantry.Gateway.Receive;

/// <summary>
/// The way of a request through the gateway: observe, forward, then count and acknowledge. Counting waits for the destination, because a
/// request that is turned away for now comes again and must not be counted twice.
/// </summary>
internal sealed class ExportPipeline(Observer observer, SamplerState sampler, Forwarder forwarder, ReturnTimes returns) : IExportPipeline
{
    public static MessageSchema SchemaOf(Signal signal) => signal switch
    {
        Signal.Traces => OtlpSchema.Traces,
        Signal.Metrics => OtlpSchema.Metrics,
        Signal.Profiles => OtlpSchema.Profiles,
        _ => OtlpSchema.Logs,
    };

    public ValueTask<ExportOutcome> ExportAsync(Signal signal, ReadOnlyMemory<byte> request, CancellationToken cancellation) =>
        signal == Signal.Traces ? TracesAsync(request, cancellation) : OthersAsync(signal, request, cancellation);

    private async ValueTask<ExportOutcome> TracesAsync(ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        var policy = sampler.InForce;
        var ticket = observer.ScanTraces(request.Span, forwarder.IsOn ? policy.Model : null);
        if (ticket is null)
        {
            return Malformed(Signal.Traces, request.Span);
        }

        var (own, rejected) = (Own(ticket.Rejected), ticket.Rejected);
        var counted = false;
        try
        {
            // Sampling leaves invalid spans out by itself; a request that goes on whole must lose them first.
            using var rest = rejected > 0 && forwarder.IsOn && !ticket.IsRewritten ? SpanSplicer.WithoutInvalid(request.Span) : null;
            var outgoing = ticket.IsRewritten ? ticket.Output : rest?.WrittenMemory ?? request;
            var outcome = await ForwardAsync(Signal.Traces, ticket.Kept, outgoing, cancellation);
            // What is refused for good does not come again: it happened, so it counts. What is to come again counts then.
            if (outcome.Code != RpcCode.Unavailable)
            {
                counted = true;
                policy.Count(ticket.Spans, ticket.Kept);
                observer.Commit(ticket, stored: outcome.Code == RpcCode.Ok && forwarder.IsOn);
                observer.LookAtSpans(request.Span);
            }

            return outcome.Code == RpcCode.Ok && rejected > 0
                ? new ExportOutcome(RpcCode.Ok, $"{own}{(outcome.Rejected > 0 ? $"; {outcome.Message}" : "")}", rejected + outcome.Rejected)
                : outcome;
        }
        finally
        {
            if (!counted)
            {
                observer.Discard(ticket);
            }
        }
    }

    private async ValueTask<ExportOutcome> OthersAsync(Signal signal, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        var items = Observer.Validate(signal, request.Span);
        if (items < 0)
        {
            return Malformed(signal, request.Span);
        }

        var outcome = await ForwardAsync(signal, items, request, cancellation);
        observer.Commit(signal, request.Span, comesAgain: outcome.Code == RpcCode.Unavailable);
        return outcome;
    }

    private static string Own(int rejected) =>
        $"{rejected} spans refused: trace_id must be 16 bytes and span_id 8 bytes, neither all zero, parent_span_id 8 bytes or empty";

    private async ValueTask<ExportOutcome> ForwardAsync(Signal signal, int items, ReadOnlyMemory<byte> request, CancellationToken cancellation)
    {
        if (!forwarder.IsOn || items == 0)
        {
            return default;
        }

        var result = await forwarder.SendAsync(signal, request, cancellation);
        return result.Verdict switch
        {
            ForwardVerdict.Accepted => new ExportOutcome(RpcCode.Ok, result.Reason, result.Rejected),
            ForwardVerdict.Unavailable => new ExportOutcome(RpcCode.Unavailable, result.Reason, RetryAfter: returns.Next(result.RetryAfter)),
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
