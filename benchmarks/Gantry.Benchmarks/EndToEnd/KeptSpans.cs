using System.Buffers.Binary;
using Google.Protobuf;

namespace Gantry.Benchmarks.EndToEnd;

/// <summary>Which spans a gateway must pass on, told by the oracle's parser: consistent probability sampling leaves no choice.</summary>
internal static class KeptSpans
{
    // 10 % with four digits (e666), as the specification's table has it; what is compared is the low 56 bits of the trace id.
    private const ulong Threshold = 0xe666_0000_0000_00;

    private const string TraceState = "ot=th:e666";

    /// <summary>Hex span ids with trace ids, sorted.</summary>
    /// <param name="samples">False: all are to be kept, as they are.</param>
    public static List<string> Expected(IEnumerable<Theirs.ExportTraceServiceRequest> requests, bool samples) =>
        [.. Spans(requests).Where(span => !samples || Randomness(span) >= Threshold).Select(Id).Order(StringComparer.Ordinal)];

    /// <exception cref="BenchmarkException">A body does not parse, spans are missing or too many, or one does not say how likely it was.</exception>
    public static void Verify(string gateway, IReadOnlyList<byte[]> bodies, List<string> expected, bool samples)
    {
        List<Theirs.Span> spans;
        try
        {
            spans = [.. Spans(bodies.Select(body => Theirs.ExportTraceServiceRequest.Parser.ParseFrom(body)))];
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new BenchmarkException($"wrong answer: {gateway} forwarded what does not parse: {exception.Message}");
        }

        var ids = spans.Select(Id).Order(StringComparer.Ordinal).ToList();
        if (!ids.SequenceEqual(expected))
        {
            throw new BenchmarkException($"wrong answer: {gateway} forwarded {ids.Count} spans, expected {expected.Count}; {ids.Except(expected).Count()} of them are others");
        }

        if (samples && spans.Find(span => span.TraceState != TraceState) is { } wrong)
        {
            throw new BenchmarkException($"wrong answer: {gateway} forwarded a span with trace_state \"{wrong.TraceState}\", expected \"{TraceState}\"");
        }
    }

    private static IEnumerable<Theirs.Span> Spans(IEnumerable<Theirs.ExportTraceServiceRequest> requests) =>
        requests.SelectMany(request => request.ResourceSpans).SelectMany(block => block.ScopeSpans).SelectMany(scope => scope.Spans);

    private static string Id(Theirs.Span span) => Convert.ToHexStringLower(span.TraceId.Span) + Convert.ToHexStringLower(span.SpanId.Span);

    private static ulong Randomness(Theirs.Span span) => BinaryPrimitives.ReadUInt64BigEndian(span.TraceId.Span[8..]) & 0x00ff_ffff_ffff_ffff;
}
