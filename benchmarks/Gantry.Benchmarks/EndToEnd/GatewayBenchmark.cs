using System.Diagnostics;
using System.Net.Http.Json;
using Gantry.Benchmarks.Load;
using Gantry.Benchmarks.Servers;
using Gantry.Benchmarks.Workload;

namespace Gantry.Benchmarks.EndToEnd;

/// <summary>
/// Whole programs, from the socket to the destination's answer: ours, a straightforward gateway that does the same work, and the floor, which is our
/// own server with nothing behind its doors. What counts is the processor time of each process; load and destination are in this one.
/// </summary>
internal static class GatewayBenchmark
{
    private const double Megabyte = 1_000_000;

    private const int DefaultSeconds = 120;

    private const int DefaultRounds = 7;

    internal sealed record Way(
        double SpansPerCoreSecond, double Ratio, double OfFloor, double PlainSpansPerCoreSecond, double FloorSpansPerCoreSecond,
        double LowestRatio, double HighestRatio, double LowestOfFloor, double HighestOfFloor);

    internal sealed record Result(
        Way Http, Way HttpGzip, Way Grpc, Way GrpcGzip, double RssMb, double RssMedianMb, double PlainRssMb, bool Sampled, int Rounds, int SpansPerRequest, double BytesPerSpan, string Source);

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var result = await MeasureAsync(TraceWorkload.Load(), arguments.Seconds ?? DefaultSeconds, arguments.Rounds ?? DefaultRounds, arguments.Words);
        arguments.Report(result);
        return 0;
    }

    /// <param name="seconds">For the measured slices together; warming up comes on top, at most twice as long.</param>
    /// <exception cref="BenchmarkException">A server failed, or one did not do the work that is measured.</exception>
    public static async Task<Result> MeasureAsync(TraceWorkload workload, int seconds, int rounds, TextWriter words)
    {
        Machine.RequireLinux();
        words.WriteLine($"{workload.Source}: {workload.Spans} spans in {workload.Requests.Length} requests, {(double)workload.Bytes / workload.Spans:F0} bytes a span");
        var samples = await Programs.GatewaySamplesAsync();
        if (!samples)
        {
            words.WriteLine("`gantry gateway` has no --sampling: both gateways pass every span on, which costs them more than a tenth would");
        }

        var folder = Directory.CreateTempSubdirectory("gantry-bench-");
        try
        {
            await using var backend = await Backend.StartAsync();
            await using var ours = await Programs.GatewayAsync(backend.Address, samples ? Programs.WritePolicy(folder.FullName) : null);
            await using var plain = await Programs.PlainAsync(backend.Address, samples);
            await using var floor = await Programs.FloorAsync();
            var trial = new Trial(workload, backend, ours, plain, floor, samples, words);
            return await trial.RunAsync(rounds, TimeSpan.FromSeconds((double)seconds / (rounds * 3 * Transports.All.Count)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class Trial(TraceWorkload workload, Backend backend, ServerProcess ours, ServerProcess plain, ServerProcess floor, bool samples, TextWriter words)
    {
        private readonly Theirs.ExportTraceServiceRequest[] _parsed = [.. workload.Requests.Select(request => Theirs.ExportTraceServiceRequest.Parser.ParseFrom(request))];
        private readonly SentLedger[] _sent = [new(workload.Requests.Length), new(workload.Requests.Length), new(workload.Requests.Length)];
        private readonly List<long> _resident = [];

        public async Task<Result> RunAsync(int rounds, TimeSpan slice)
        {
            var ways = new Dictionary<Transport, Way>();
            foreach (var transport in Transports.All)
            {
                ways[transport] = await WayAsync(transport, rounds, slice);
            }

            await VerifyCountsAsync();
            var peak = ours.PeakResidentBytes / Megabyte;
            words.WriteLine($"resident: {peak:F0} MB at most, {Median(_resident) / Megabyte:F0} MB in the middle of all rounds; the plain gateway {plain.PeakResidentBytes / Megabyte:F0} MB at most");
            return new Result(
                ways[Transport.Http], ways[Transport.HttpGzip], ways[Transport.Grpc], ways[Transport.GrpcGzip],
                Math.Round(peak, 1), Math.Round(Median(_resident) / Megabyte, 1), Math.Round(plain.PeakResidentBytes / Megabyte, 1),
                samples, rounds, workload.SpansOf(0), Math.Round((double)workload.Bytes / workload.Spans, 1), workload.Source);
        }

        private async Task<Way> WayAsync(Transport transport, int rounds, TimeSpan slice)
        {
            var payloads = Payload.Of(workload, transport);
            var sides = new[] { ours, plain, floor }.Select((server, i) => new GatewayRounds.Side(server, new ClosedLoop(
                payloads, [.. Enumerable.Range(0, GatewayRounds.Connections).Select(_ => ExportClients.Create(transport, server.Http, server.Grpc))], _sent[i]))).ToArray();
            try
            {
                await VerifyForwardedAsync(sides);
                words.WriteLine($"{transport.Name(),-10} warming up, then {rounds} rounds of three times {slice.TotalSeconds:F1} s");
                var measured = await GatewayRounds.MeasureAsync(sides, rounds, slice);
                _resident.Add(ours.ResidentBytes);
                words.WriteLine(
                    $"{transport.Name(),-10} {1 / measured.Ours,12:N0} spans a core-second, {measured.Ratio.Median:F2} times the plain gateway's {1 / measured.Plain:N0} "
                    + $"({measured.Ratio.Lowest:F2} to {measured.Ratio.Highest:F2}), {measured.OfFloor.Median:F2} of the floor's {1 / measured.Floor:N0} ({measured.OfFloor.Lowest:F2} to {measured.OfFloor.Highest:F2})");
                return new Way(
                    Math.Round(1 / measured.Ours), Math.Round(measured.Ratio.Median, 2), Math.Round(measured.OfFloor.Median, 3), Math.Round(1 / measured.Plain), Math.Round(1 / measured.Floor),
                    Math.Round(measured.Ratio.Lowest, 2), Math.Round(measured.Ratio.Highest, 2), Math.Round(measured.OfFloor.Lowest, 3), Math.Round(measured.OfFloor.Highest, 3));
            }
            finally
            {
                foreach (var side in sides)
                {
                    side.Dispose();
                }
            }
        }

        /// <summary>Every request once to both gateways: what comes out must be the same spans, and the right ones.</summary>
        private async Task VerifyForwardedAsync(IReadOnlyList<GatewayRounds.Side> sides)
        {
            var expected = KeptSpans.Expected(_parsed, samples);
            foreach (var side in sides.Take(2))
            {
                KeptSpans.Verify(side.Server.Name, await backend.KeepWhileAsync(side.Loop.SendAllAsync), expected, samples);
            }
        }

        /// <summary>Over all that was sent in the whole run, each gateway must have counted every span, once, in the right series.</summary>
        private async Task VerifyCountsAsync()
        {
            var truth = Truth(_sent[0]);
            string? difference = null;
            // The gateway reports every two seconds.
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed < TimeSpan.FromSeconds(30) && (difference = RedLedger.Of(backend.Red).DifferenceFrom(truth)) is not null)
            {
                await Task.Delay(100);
            }

            Require(ours, difference);
            using var http = new HttpClient();
            var series = await http.GetFromJsonAsync<PlainSeries[]>(new Uri(plain.Http, "red")) ?? [];
            var counted = new RedLedger();
            foreach (var item in series)
            {
                counted.Add((item.Service, item.Operation, item.Kind, item.Status), item.Calls, item.DurationNano, item.Buckets);
            }

            Require(plain, counted.DifferenceFrom(Truth(_sent[1])));
        }

        private RedLedger Truth(SentLedger sent)
        {
            var truth = new RedLedger();
            for (var i = 0; i < _parsed.Length; i++)
            {
                if (sent.Times(i) > 0)
                {
                    truth.Add(_parsed[i], (ulong)sent.Times(i));
                }
            }

            return truth;
        }

        private static void Require(ServerProcess gateway, string? difference)
        {
            if (difference is not null)
            {
                throw new BenchmarkException($"wrong answer: {gateway.Name} counted {difference}");
            }
        }

        private static double Median(List<long> values) => values.Order().ElementAt(values.Count / 2);
    }

    /// <summary>What the plain gateway says it counted; it counts by more than these.</summary>
    private sealed record PlainSeries(string Service, string Operation, int Kind, int Status, ulong Calls, ulong DurationNano, ulong[] Buckets);
}
