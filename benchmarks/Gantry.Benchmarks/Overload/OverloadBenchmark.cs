using System.Diagnostics;
using Gantry.Benchmarks.EndToEnd;
using Gantry.Benchmarks.Load;
using Gantry.Benchmarks.Servers;
using Gantry.Benchmarks.Workload;

namespace Gantry.Benchmarks.Overload;

/// <summary>
/// Finds the most that the gateway acknowledges in a second, offers three times as much, and looks whether it still acknowledges that, in the
/// same memory, and tells everyone else when to come back. The gateway has one processor to itself; load and destination have the others.
/// </summary>
internal static class OverloadBenchmark
{
    private const double Megabyte = 1_000_000;

    private const int DefaultSeconds = 60;

    /// <summary>Offered ÷ peak.</summary>
    private const double Excess = 3;

    /// <summary>Larger than in the other benchmark, as collectors send them: the generator has one processor as well, and pays by request.</summary>
    private const int SpansPerRequest = 1920;

    private const int PeakConnections = 16;

    private const int OverloadConnections = 6144;

    private static readonly TimeSpan RssEvery = TimeSpan.FromMilliseconds(250);

    internal sealed record Result(
        double GoodputRatio, double RssMaxOverMedian, long Refused, long RefusedWithoutRetryDelay, long Failed,
        double PeakSpansPerSecond, double PeakBefore, double PeakAfter, double GoodputSpansPerSecond, double GoodputPerCpuRatio,
        double OfferedOverPeak, double SentOverPeak, long Offered, long Sent, long SentAgain, long NotSent,
        double ToldToWaitSecondsP50, double LatencyP50Ms, double LatencyP99Ms, double RefusalP50Ms, double RefusalP99Ms,
        double RssMedianMb, double RssMaxMb, double Seconds, int SpansPerRequest, bool Sampled, bool Pinned, string Source);

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var result = await MeasureAsync(TraceWorkload.Load(SpansPerRequest), arguments.Seconds ?? DefaultSeconds, arguments.Words);
        arguments.Report(result);
        return 0;
    }

    /// <param name="seconds">Of overload; the peak is looked for during half as long, before and after.</param>
    /// <exception cref="BenchmarkException">The gateway failed, or did not count what it acknowledged.</exception>
    public static async Task<Result> MeasureAsync(TraceWorkload workload, int seconds, TextWriter words)
    {
        Machine.RequireLinux();
        words.WriteLine($"{workload.Source}: {workload.Spans} spans in {workload.Requests.Length} requests, half over HTTP, half over gRPC, all gzip");
        var samples = await Programs.GatewaySamplesAsync();
        var folder = Directory.CreateTempSubdirectory("gantry-bench-");
        await using var cores = await Machine.SplitAsync();
        words.WriteLine(cores.ForServer is { } core ? $"the gateway runs on processor {core} alone, all else on the others" : "one processor only: the gateway shares it with the load");
        try
        {
            await using var backend = await Backend.StartAsync();
            await using var gateway = await Programs.GatewayAsync(backend.Address, samples ? Programs.WritePolicy(folder.FullName) : null, cores.ForServer);
            var trial = new Trial(workload, backend, gateway, cores.ForServer, words);
            return await trial.RunAsync(TimeSpan.FromSeconds(seconds), samples);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class Trial(TraceWorkload workload, Backend backend, ServerProcess gateway, int? core, TextWriter words)
    {
        private readonly IReadOnlyList<Payload> _http = Payload.Of(workload, Transport.HttpGzip);
        private readonly IReadOnlyList<Payload> _grpc = Payload.Of(workload, Transport.GrpcGzip);
        private readonly SentLedger _sent = new(workload.Requests.Length);

        public async Task<Result> RunAsync(TimeSpan duration, bool samples)
        {
            words.WriteLine("warming up, then looking for the peak");
            await WarmUpAsync(duration / 10);
            var before = await PeakAsync(duration / 4);
            var spansPerRequest = (double)workload.Spans / workload.Requests.Length;
            // A full processor of the gateway's own: where the generator could not keep it busy, what was reached is less than the capacity.
            var capacity = Math.Max(before.Rate, before.PerCpu);
            words.WriteLine($"peak {before.Rate,12:N0} spans/s, capacity {capacity:N0}; offering {Excess:F0} times that for {duration.TotalSeconds:F0} s");
            var resident = new List<long>();
            var (tally, available, cpu) = await OverloadAsync(Excess * capacity / spansPerRequest, duration, resident);
            var after = await PeakAsync(duration / 4);
            await VerifyAsync(tally);

            var peak = Math.Max(before.Rate, after.Rate);
            var (goodput, goodputPerCpu) = (tally.Spans / available, tally.Spans / cpu);
            resident.Sort();
            var median = resident[resident.Count / 2];
            var result = new Result(
                Math.Round(goodput / peak, 3), Math.Round((double)resident[^1] / median, 3), tally.Refusals.Count, tally.RefusedWithoutRetryDelay, tally.Failed,
                Math.Round(peak), Math.Round(before.Rate), Math.Round(after.Rate), Math.Round(goodput), Math.Round(goodputPerCpu / Math.Max(before.PerCpu, after.PerCpu), 3),
                Math.Round(tally.Offered * spansPerRequest / duration.TotalSeconds / peak, 2), Math.Round(tally.Sent * spansPerRequest / duration.TotalSeconds / peak, 2),
                tally.Offered, tally.Sent, tally.SentAgain, tally.NotSent,
                Quantile(tally.ToldSeconds, 0.5), Quantile(tally.Accepted, 0.5), Quantile(tally.Accepted, 0.99), Quantile(tally.Refusals, 0.5), Quantile(tally.Refusals, 0.99),
                Math.Round(median / Megabyte, 1), Math.Round(resident[^1] / Megabyte, 1), duration.TotalSeconds, workload.SpansOf(0), samples, core is not null, workload.Source);
            Say(result, tally);
            return result;
        }

        /// <summary>
        /// Until the background compiler has next to nothing left to do, and it gets no faster. The compiler rests now and then with work left, and more so
        /// while code runs that it has not seen, such as that of new connections: so all warming up is on the same ones, and one quiet slice says nothing.
        /// </summary>
        private async Task WarmUpAsync(TimeSpan slice)
        {
            const double Settled = 0.02;
            const int MaxSlices = 60;
            const int Quiet = 6;
            slice = slice < TimeSpan.FromSeconds(1) ? slice : TimeSpan.FromSeconds(1);
            using var load = new Load(this);
            var best = 0.0;
            for (var (i, quiet) = (0, 0); i < MaxSlices && quiet < Quiet; i++)
            {
                var (cpu, compiling) = (gateway.CpuSeconds, gateway.CompilingSeconds);
                var perCpu = (await load.RunAsync(slice)).PerCpu;
                var isSettled = Math.Max(0, gateway.CompilingSeconds - compiling) < Settled * (gateway.CpuSeconds - cpu) && perCpu < best * (1 + Settled);
                quiet = isSettled ? quiet + 1 : 0;
                best = Math.Max(best, perCpu);
            }
        }

        private async Task<(double Rate, double PerCpu)> PeakAsync(TimeSpan duration)
        {
            using var load = new Load(this);
            return await load.RunAsync(duration);
        }

        private async Task<(OverloadTally Tally, double Available, double Cpu)> OverloadAsync(double requestsPerSecond, TimeSpan duration, List<long> resident)
        {
            // Each exporter has its own connection, as SDKs do.
            IReadOnlyList<IExportClient> clients =
            [
                .. Clients(Transport.HttpGzip, OverloadConnections / 2).Zip(Clients(Transport.GrpcGzip, OverloadConnections / 2)).SelectMany(pair => new[] { pair.First, pair.Second }),
            ];
            try
            {
                var mixed = new MixedClients(clients, _http, _grpc);
                var watch = NewWatch();
                var spent = (Available: 0.0, Cpu: 0.0);
                var tally = await new OpenLoop(_http, mixed.All, _sent).RunAsync(requestsPerSecond, duration, elapsed =>
                {
                    if (elapsed >= RssEvery * resident.Count)
                    {
                        resident.Add(gateway.ResidentBytes);
                        spent = (watch.Available * (duration / watch.Elapsed), watch.Cpu * (duration / watch.Elapsed));
                    }
                });
                return (tally, spent.Available, spent.Cpu);
            }
            finally
            {
                foreach (var client in clients)
                {
                    client.Dispose();
                }
            }
        }

        private IExportClient[] Clients(Transport transport, int count) =>
            [.. Enumerable.Range(0, count).Select(_ => ExportClients.Create(transport, gateway.Http, gateway.Grpc))];

        /// <summary>As much as the gateway takes, half over HTTP, half over gRPC.</summary>
        private sealed class Load(Trial trial) : IDisposable
        {
            private readonly ClosedLoop _http = new(trial._http, trial.Clients(Transport.HttpGzip, PeakConnections / 2), trial._sent);
            private readonly ClosedLoop _grpc = new(trial._grpc, trial.Clients(Transport.GrpcGzip, PeakConnections / 2), trial._sent);

            /// <returns>Spans acknowledged in a second that the processor was there for the gateway, and in a second of the gateway's processor time.</returns>
            public async Task<(double Rate, double PerCpu)> RunAsync(TimeSpan duration)
            {
                var watch = trial.NewWatch();
                var spans = (await Task.WhenAll(_http.RunAsync(duration), _grpc.RunAsync(duration))).Sum();
                return (spans / watch.Available, spans / watch.Cpu);
            }

            public void Dispose()
            {
                _http.Dispose();
                _grpc.Dispose();
            }
        }

        private Watch NewWatch() => new(gateway, core);

        /// <summary>What was acknowledged was counted, and nothing that was refused was. A request whose connection broke may have been either.</summary>
        private async Task VerifyAsync(OverloadTally tally)
        {
            var truth = new RedLedger();
            for (var i = 0; i < workload.Requests.Length; i++)
            {
                truth.Add(Theirs.ExportTraceServiceRequest.Parser.ParseFrom(workload.Requests[i]), (ulong)_sent.Times(i));
            }

            if (tally.Spans == 0)
            {
                throw new BenchmarkException($"wrong answer: nothing was acknowledged under overload; {tally.Failed} requests failed, the first: {tally.FirstFailure}");
            }

            string? difference = null;
            for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(100))
            {
                var counted = RedLedger.Of(backend.Red);
                difference = tally.Failed == 0 || counted.Calls < truth.Calls ? counted.DifferenceFrom(truth) : null;
                if (difference is null)
                {
                    return;
                }
            }

            throw new BenchmarkException($"wrong answer: {gateway.Name} counted {difference}");
        }

        private void Say(Result result, OverloadTally tally)
        {
            words.WriteLine($"goodput           {result.GoodputSpansPerSecond,12:N0} spans/s, {result.GoodputRatio:F2} of the peak ({result.PeakBefore:N0} before, {result.PeakAfter:N0} after); by processor time {result.GoodputPerCpuRatio:F2}");
            words.WriteLine($"offered           {result.Offered,12:N0} requests, {result.OfferedOverPeak:F2} of the peak; {result.NotSent:N0} found every exporter busy or waiting as told, so {result.SentOverPeak:F2} were sent, {result.SentAgain:N0} of them again");
            words.WriteLine($"refused           {result.Refused,12:N0} requests, {result.RefusedWithoutRetryDelay} of them not told when to come back, the others after {result.ToldToWaitSecondsP50:F1} s in the median");
            words.WriteLine($"failed            {result.Failed,12:N0} requests{(tally.FirstFailure is null ? "" : $", the first: {tally.FirstFailure}")}");
            words.WriteLine($"acknowledged in   {result.LatencyP50Ms,12:N0} ms (p50), {result.LatencyP99Ms:N0} ms (p99); refused in {result.RefusalP50Ms:N0} ms, {result.RefusalP99Ms:N0} ms");
            words.WriteLine($"resident          {result.RssMedianMb,12:N0} MB in the median, {result.RssMaxMb:N0} MB at most: {result.RssMaxOverMedian:F2} times");
        }

        private static double Quantile(List<double> values, double quantile)
        {
            values.Sort();
            return values.Count == 0 ? 0 : Math.Round(values[(int)(quantile * (values.Count - 1))], 1);
        }
    }

    /// <summary>
    /// Time since now, as the gateway had it. The generator pays nothing for what other programs of this machine take of the gateway's processor, and
    /// neither does the gateway: that part of the time is not counted.
    /// </summary>
    private sealed class Watch(ServerProcess gateway, int? core)
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly double _cpu = gateway.CpuSeconds;
        private readonly double _busy = core is { } number ? Machine.BusySeconds(number) : 0;

        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

        public double Cpu => gateway.CpuSeconds - _cpu;

        public double Available
        {
            get
            {
                var (elapsed, cpu) = (Elapsed.TotalSeconds, Cpu);
                return core is { } number ? Math.Max(cpu, elapsed - Math.Max(0, Machine.BusySeconds(number) - _busy - cpu)) : elapsed;
            }
        }
    }

    /// <summary>One workload in two dresses: the loop names a request by its HTTP body, and a gRPC client sends its own.</summary>
    private sealed class MixedClients(IReadOnlyList<IExportClient> clients, IReadOnlyList<Payload> http, IReadOnlyList<Payload> grpc)
    {
        public IReadOnlyList<IExportClient> All { get; } = [.. clients.Select(client => new Dressed(client, client is GrpcExportClient ? grpc : http))];

        private sealed class Dressed(IExportClient client, IReadOnlyList<Payload> payloads) : IExportClient
        {
            public Task<ExportAnswer> SendAsync(Payload payload, CancellationToken cancellation) => client.SendAsync(payloads[payload.Index], cancellation);

            public void Dispose() => client.Dispose();
        }
    }
}
