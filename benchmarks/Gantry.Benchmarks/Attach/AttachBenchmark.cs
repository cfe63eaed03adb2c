using System.Diagnostics;
using Gantry.Agent.Instrument.Attach;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gantry.Benchmarks.Attach;

/// <summary>
/// A service of ASP.NET Core on the first processor, load and agent on the others. Turns without the agent, with its metrics, and with metrics and traces follow each other
/// in one run; each is compared with the turn without of its own round, and the median of the rounds is told. What is compared is the processor time that the service
/// takes for a request: on a machine that others use too, requests a second say more of the others. A service at saturation loses as much of its throughput.
/// </summary>
internal static class AttachBenchmark
{
    private const int Connections = 8;

    private static readonly AttachSettings Metrics = new() { Traces = false };
    private static readonly AttachSettings Traces = new();

    public static async Task<int> RunAsync(Arguments arguments)
    {
        StayOffFirstProcessor();
        await using var gateway = await StartGatewayAsync();
        using var target = await AttachedTarget.StartAsync();
        var address = new Uri(gateway.Urls.First());
        if (arguments.Cycles is { } only)
        {
            var alone = await AttachCycles.RunAsync(target, address, only, arguments.Words);
            arguments.Report(new { Cycles = only, alone.LeakedHandles, alone.ServiceHandles, alone.AgentHandles });
            return 0;
        }

        var turn = TimeSpan.FromSeconds(arguments.Seconds ?? 1);
        var work = await CompareAsync(target, "/work", address, arguments.Rounds ?? 15, turn);
        Tell(arguments.Words, "a service that works 0.5 ms", work);
        var trivial = await CompareAsync(target, "/", address, arguments.Rounds ?? 15, turn);
        Tell(arguments.Words, "an endpoint that does nothing", trivial);
        var cycles = await AttachCycles.RunAsync(target, address, AttachCycles.Usual, arguments.Words);
        arguments.Report(new
        {
            MetricsLossPercent = work.MetricsLoss,
            TracesLossPercent = work.TracesLoss,
            work.AddedP99Milliseconds,
            EventsDropped = work.Dropped,
            work.SpansForwarded,
            work.SpansExpected,
            work.RequestsPerSecond,
            TrivialMetricsLossPercent = trivial.MetricsLoss,
            TrivialTracesLossPercent = trivial.TracesLoss,
            TrivialAddedP99Milliseconds = trivial.AddedP99Milliseconds,
            TrivialEventsDropped = trivial.Dropped,
            TrivialSpansForwarded = trivial.SpansForwarded,
            TrivialSpansExpected = trivial.SpansExpected,
            TrivialRequestsPerSecond = trivial.RequestsPerSecond,
            Cycles = AttachCycles.Usual,
            cycles.LeakedHandles,
            cycles.ServiceBytesBefore,
            cycles.ServiceBytesAfter,
            cycles.ServiceResidentBefore,
            cycles.ServiceResidentAfter,
            cycles.AgentBytesBefore,
            cycles.AgentBytesAfter,
        });
        return 0;
    }

    private static async Task<Comparison> CompareAsync(AttachedTarget target, string path, Uri gateway, int rounds, TimeSpan time)
    {
        using var load = new HttpLoad(target.Address, path, Connections);
        // All that is measured is compiled for good first: with and without the agent.
        await load.RunAsync(TimeSpan.FromSeconds(4));
        await TurnAsync(target, load, gateway, Traces, TimeSpan.FromSeconds(4));
        await load.RunAsync(TimeSpan.FromSeconds(2));
        var (alone, metrics, traces) = (new List<Turn>(), new List<Turn>(), new List<Turn>());
        for (var round = 0; round < rounds; round++)
        {
            // A round forwards, a round backwards, so that none is always the first.
            (List<Turn> Side, AttachSettings? Settings)[] order = [(alone, null), (metrics, Metrics), (traces, Traces)];
            foreach (var (side, settings) in round % 2 == 0 ? order : [.. order.Reverse()])
            {
                side.Add(await TurnAsync(target, load, gateway, settings, time));
            }
        }

        return new Comparison(
            Loss(alone, metrics),
            Loss(alone, traces),
            Math.Round(1000 * Median(alone.Zip(traces, (without, with) => with.P99 - without.P99)), 3),
            metrics.Concat(traces).Aggregate(0UL, (sum, turn) => sum + turn.Dropped),
            traces.Sum(turn => turn.Spans),
            traces.Sum(turn => turn.Requests),
            (long)Median(alone.Select(turn => turn.Requests / turn.Seconds)));
    }

    private static async Task<Turn> TurnAsync(AttachedTarget target, HttpLoad load, Uri gateway, AttachSettings? settings, TimeSpan time)
    {
        if (settings is null)
        {
            return await MeasureAsync(target, load, time);
        }

        var attached = await target.AttachAsync(gateway, settings);
        Turn turn;
        await using (attached)
        {
            turn = await MeasureAsync(target, load, time);
        }

        return turn with { Dropped = attached.Dropped, Spans = attached.Spans };
    }

    private static async Task<Turn> MeasureAsync(AttachedTarget target, HttpLoad load, TimeSpan time)
    {
        var cpu = target.CpuSeconds;
        var result = await load.RunAsync(time);
        return new Turn(result.Requests, result.Seconds, (target.CpuSeconds - cpu) / result.Requests, result.P99, 0, 0);
    }

    private static async Task<WebApplication> StartGatewayAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/{signal}", async (HttpRequest request) =>
        {
            await request.Body.CopyToAsync(Stream.Null);
            return Results.Ok();
        });
        await app.StartAsync();
        return app;
    }

    private static void StayOffFirstProcessor()
    {
        if (OperatingSystem.IsLinux() && Environment.ProcessorCount > 1)
        {
            using var self = Process.GetCurrentProcess();
            self.ProcessorAffinity &= ~1;
        }
    }

    private static double Loss(List<Turn> alone, List<Turn> with) =>
        Math.Round(100 * (1 - (1 / Median(alone.Zip(with, (a, b) => b.CpuPerRequest / a.CpuPerRequest)))), 2);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static void Tell(TextWriter words, string what, Comparison result) => words.WriteLine(
        $"{what}, {result.RequestsPerSecond} requests/s alone: metrics cost {result.MetricsLoss} % of its throughput, metrics and traces {result.TracesLoss} %, p99 +{result.AddedP99Milliseconds} ms; "
        + $"{result.SpansForwarded} spans of {result.SpansExpected} requests, {result.Dropped} events dropped");

    private sealed record Turn(long Requests, double Seconds, double CpuPerRequest, double P99, ulong Dropped, long Spans);

    private sealed record Comparison(
        double MetricsLoss, double TracesLoss, double AddedP99Milliseconds, ulong Dropped, long SpansForwarded, long SpansExpected, long RequestsPerSecond);
}
