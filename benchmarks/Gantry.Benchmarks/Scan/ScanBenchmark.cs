using System.Buffers.Binary;
using Gantry.Benchmarks.Workload;
using Gantry.Estate.Sampling;
using Gantry.Gateway.Observe;
using Gantry.Protocol.Otlp;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Benchmarks.Scan;

/// <summary>
/// Side A: Google.Protobuf makes objects of the request, and nothing more. Side B: the gateway's observer scans it, validates all of it, finds
/// each span's series and edge and counts it, decides over it (one in ten is kept) and writes the request of the kept ones. Both on one thread, over
/// the same bytes, whole requests in memory.
/// </summary>
internal static class ScanBenchmark
{
    private const int RoundCount = 21;

    private static readonly SamplingModel Tenth = new() { Default = 0.1 };

    private sealed record Result(
        double RatioVsProtobuf, double AllocatedBytesPerSpan, double SpansPerSecond, double ProtobufSpansPerSecond, int Spans, double BytesPerSpan, int Rounds, string Source);

    public static int Run(Arguments arguments)
    {
        var workload = TraceWorkload.Load();
        arguments.Words.WriteLine($"{workload.Source}: {workload.Spans} spans in {workload.Requests.Length} requests, {(double)workload.Bytes / workload.Spans:F0} bytes a span");
        var observer = new Observer(TimeProvider.System, shards: 1);
        Verify(workload);

        var scan = Rounds.Compare(() => Parse(workload), () => Scan(workload), RoundCount);
        var red = Rounds.Compare(() => Parse(workload), () => Observe(workload, observer), RoundCount);
        var all = Rounds.Compare(() => Parse(workload), () => Observe(workload, observer, Tenth), RoundCount);
        var allocated = Allocated(workload, observer);
        Verify(workload);

        var result = new Result(
            Math.Round(all.Ratio, 2),
            Math.Round(allocated, 3),
            Math.Round(workload.Spans / all.BSeconds),
            Math.Round(workload.Spans / all.ASeconds),
            workload.Spans,
            Math.Round((double)workload.Bytes / workload.Spans, 1),
            RoundCount,
            workload.Source);
        arguments.Words.WriteLine($"Google.Protobuf ParseFrom   {result.ProtobufSpansPerSecond,12:N0} spans/s");
        arguments.Words.WriteLine($"scan alone                  {workload.Spans / scan.BSeconds,12:N0} spans/s   {scan.Ratio:F1} times as fast ({scan.LowestRatio:F1} to {scan.HighestRatio:F1} over {RoundCount} rounds)");
        arguments.Words.WriteLine($"scan, RED and edges         {workload.Spans / red.BSeconds,12:N0} spans/s   {red.Ratio:F1} times as fast ({red.LowestRatio:F1} to {red.HighestRatio:F1})");
        arguments.Words.WriteLine($"… and 10 % sampled, spliced {result.SpansPerSecond,12:N0} spans/s   {all.Ratio:F1} times as fast ({all.LowestRatio:F1} to {all.HighestRatio:F1}), {allocated:F3} bytes allocated a span");
        arguments.Report(result);
        return 0;
    }

    /// <summary>Both sides must come to the same spans and the same RED totals, or their times mean nothing.</summary>
    public static void Verify(TraceWorkload workload)
    {
        var observer = new Observer(TimeProvider.System, shards: 1);
        Observe(workload, observer);
        var ours = RedAnswer.Of(observer);
        var parsed = workload.Requests.Select(request => Theirs.ExportTraceServiceRequest.Parser.ParseFrom(request)).ToArray();
        var theirs = RedAnswer.Of(parsed);
        if (!ours.SetEquals(theirs))
        {
            var first = ours.Except(theirs).Concat(theirs.Except(ours)).First();
            throw new BenchmarkException($"wrong answer: RED totals differ from the oracle's ({ours.Count} series against {theirs.Count}), first at: {first}");
        }

        VerifySampling(workload, observer, parsed);
        var spans = parsed.Sum(request => request.ResourceSpans.Sum(block => block.ScopeSpans.Sum(scope => scope.Spans.Count)));
        var scanned = Scan(workload);
        if (spans != workload.Spans || scanned != spans)
        {
            throw new BenchmarkException($"wrong answer: {workload.Spans} spans were written, the scan saw {scanned}, the oracle {spans}");
        }
    }

    /// <summary>What is written must be the spans that the threshold keeps, told by the oracle.</summary>
    private static void VerifySampling(TraceWorkload workload, Observer observer, Theirs.ExportTraceServiceRequest[] parsed)
    {
        var threshold = Threshold.FromProbability(Tenth.Default);
        for (var i = 0; i < parsed.Length; i++)
        {
            var ticket = observer.ScanTraces(workload.Requests[i], Tenth)!;
            var kept = Spans(Theirs.ExportTraceServiceRequest.Parser.ParseFrom(ticket.Output.Span)).ToArray();
            observer.Discard(ticket);
            var expected = Spans(parsed[i]).Where(span => threshold.Keeps(BinaryPrimitives.ReadUInt64BigEndian(span.TraceId.Span[8..]) & ((1UL << 56) - 1)));
            if (!kept.Select(span => span.SpanId).SequenceEqual(expected.Select(span => span.SpanId)) || kept.Any(span => span.TraceState != "ot=th:e666"))
            {
                throw new BenchmarkException($"wrong answer: request {i} keeps {kept.Length} spans, and not those that the threshold keeps");
            }
        }
    }

    private static IEnumerable<Theirs.Span> Spans(Theirs.ExportTraceServiceRequest request) =>
        request.ResourceSpans.SelectMany(block => block.ScopeSpans).SelectMany(scope => scope.Spans);

    /// <summary>Scan, resolve and count, as the gateway does for an accepted request.</summary>
    public static void Observe(TraceWorkload workload, Observer observer, SamplingModel? sampling = null)
    {
        foreach (var request in workload.Requests)
        {
            var ticket = observer.ScanTraces(request, sampling) ?? throw new BenchmarkException("wrong answer: the scanner refused a valid request");
            observer.Commit(ticket);
        }
    }

    public static int Scan(TraceWorkload workload)
    {
        var sink = default(CountingSink);
        foreach (var request in workload.Requests)
        {
            if (!EnvelopeScanner.Scan(request, ref sink))
            {
                throw new BenchmarkException("wrong answer: the scanner refused a valid request");
            }
        }

        return sink.Spans;
    }

    private static void Parse(TraceWorkload workload)
    {
        foreach (var request in workload.Requests)
        {
            Theirs.ExportTraceServiceRequest.Parser.ParseFrom(request);
        }
    }

    private static double Allocated(TraceWorkload workload, Observer observer)
    {
        const int Runs = 10;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Runs; i++)
        {
            Observe(workload, observer, Tenth);
        }

        return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Runs / workload.Spans;
    }

    private struct CountingSink : IEnvelopeSink
    {
        public int Spans { get; private set; }

        public readonly bool Resource(ReadOnlySpan<byte> resource, ReadOnlySpan<byte> head) => true;

        public readonly bool Scope(ReadOnlySpan<byte> scope, ReadOnlySpan<byte> head) => true;

        public readonly void EndScope(ReadOnlySpan<byte> tail)
        {
        }

        public readonly void EndResource(ReadOnlySpan<byte> tail)
        {
        }

        public bool Item(ReadOnlySpan<byte> item)
        {
            Spans++;
            return SpanScanner.TryRead(item, out _);
        }
    }
}
