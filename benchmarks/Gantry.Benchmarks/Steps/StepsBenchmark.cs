using System.IO.Compression;
using Gantry.Benchmarks.Scan;
using Gantry.Benchmarks.Workload;
using Gantry.Gateway.Observe;

namespace Gantry.Benchmarks.Steps;

/// <summary>What each step of a request's way costs alone: one thread, bytes in memory, processor time. Sockets and Kestrel are in <c>gateway</c>'s floor.</summary>
internal static class StepsBenchmark
{
    private const int RoundCount = 7;

    internal sealed record Step(string Name, double NanosecondsPerSpan, double MicrosecondsPerMegabyte);

    internal sealed record Result(IReadOnlyList<Step> Steps, int Spans, double BytesPerSpan, string Source);

    public static int Run(Arguments arguments)
    {
        var result = Measure(TraceWorkload.Load(), arguments.Rounds ?? RoundCount);
        arguments.Words.WriteLine($"{result.Source}: {result.Spans} spans, {result.BytesPerSpan:F0} bytes a span");
        foreach (var step in result.Steps)
        {
            arguments.Words.WriteLine($"{step.Name,-28} {step.NanosecondsPerSpan,8:F0} ns a span {step.MicrosecondsPerMegabyte,8:F0} µs a MB");
        }

        arguments.Report(result);
        return 0;
    }

    public static Result Measure(TraceWorkload workload, int rounds)
    {
        var observer = new Observer(TimeProvider.System, shards: 1);
        var buffer = new byte[workload.Requests.Max(request => request.Length)];
        var zipped = workload.Requests.Select(Gzip).ToArray();
        (string Name, Action Run)[] steps =
        [
            ("memory copy", () => Copy(workload, buffer)),
            ("gunzip", () => Gunzip(zipped, buffer)),
            ("scan", () => ScanBenchmark.Scan(workload)),
            ("scan and RED", () => ScanBenchmark.Observe(workload, observer)),
            ("gzip, fastest, everything", () => GzipAll(workload)),
            ("Google.Protobuf ParseFrom", () => ParseAll(workload)),
        ];
        var measured = steps.Select(step => Of(step.Name, Rounds.Measure(step.Run, rounds))).ToArray();
        return new Result(measured, workload.Spans, Math.Round((double)workload.Bytes / workload.Spans, 1), workload.Source);

        Step Of(string name, double seconds) => new(name, Math.Round(seconds / workload.Spans * 1e9, 1), Math.Round(seconds / workload.Bytes * 1e12, 1));
    }

    private static void Copy(TraceWorkload workload, byte[] buffer)
    {
        foreach (var request in workload.Requests)
        {
            request.CopyTo(buffer, 0);
        }
    }

    private static void ParseAll(TraceWorkload workload)
    {
        foreach (var request in workload.Requests)
        {
            Theirs.ExportTraceServiceRequest.Parser.ParseFrom(request);
        }
    }

    private static void GzipAll(TraceWorkload workload)
    {
        foreach (var request in workload.Requests)
        {
            using var gzip = new GZipStream(Stream.Null, CompressionLevel.Fastest);
            gzip.Write(request);
        }
    }

    private static void Gunzip(byte[][] zipped, byte[] buffer)
    {
        foreach (var request in zipped)
        {
            using var gzip = new GZipStream(new MemoryStream(request, writable: false), CompressionMode.Decompress);
            if (gzip.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) == 0)
            {
                throw new BenchmarkException("wrong answer: nothing came out of a gzip stream");
            }
        }
    }

    private static byte[] Gzip(byte[] request)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(request);
        }

        return compressed.ToArray();
    }
}
