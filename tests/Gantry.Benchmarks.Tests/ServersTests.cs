using System.Diagnostics;
using Gantry.Benchmarks.EndToEnd;
using Gantry.Benchmarks.Servers;
using Gantry.Benchmarks.Workload;

namespace Gantry.Benchmarks.Tests;

public sealed class ServersTests
{
    [Fact]
    public void The_process_clock_runs_with_the_work_of_the_process()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux's process clocks");

        var before = ProcessUsage.CpuSeconds(Environment.ProcessId);
        var own = Environment.CpuUsage.TotalTime;
        while ((Environment.CpuUsage.TotalTime - own).TotalMilliseconds < 100)
        {
        }

        Assert.True(ProcessUsage.CpuSeconds(Environment.ProcessId) - before >= 0.09);
    }

    [Fact]
    public async Task A_program_that_does_not_open_its_doors_is_named_with_its_last_words()
    {
        var exception = await Assert.ThrowsAsync<BenchmarkException>(() => ServerProcess.StartAsync("the example", new ProcessStartInfo("dotnet", ["no-such-program.dll"])));

        Assert.StartsWith("the example ended with code", exception.Message, StringComparison.Ordinal);
        Assert.Contains("no-such-program.dll", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gateway_that_loses_or_adds_a_span_is_found_out()
    {
        var workload = TraceWorkload.Generate(20);
        var requests = workload.Requests.Select(request => Theirs.ExportTraceServiceRequest.Parser.ParseFrom(request)).ToArray();
        var expected = KeptSpans.Expected(requests, samples: false);

        KeptSpans.Verify("the example", workload.Requests, expected, samples: false);
        Assert.Throws<BenchmarkException>(() => KeptSpans.Verify("the example", workload.Requests[1..], expected, samples: false));
        Assert.Throws<BenchmarkException>(() => KeptSpans.Verify("the example", [.. workload.Requests, workload.Requests[0]], expected, samples: false));
        Assert.Throws<BenchmarkException>(() => KeptSpans.Verify("the example", [[0xff]], expected, samples: false));
        Assert.Throws<BenchmarkException>(() => KeptSpans.Verify("the example", workload.Requests, expected, samples: true));
    }

    [Fact]
    public void A_count_that_is_off_by_one_is_named()
    {
        var request = Theirs.ExportTraceServiceRequest.Parser.ParseFrom(TraceWorkload.Generate(1).Requests[0]);
        var (once, again) = (new RedLedger(), new RedLedger());
        once.Add(request, 1);
        again.Add(request, 1);
        Assert.Null(once.DifferenceFrom(again));

        again.Add(("frontend", "GET /", 2, 0), 1, 1, [1]);

        Assert.Contains("frontend | GET / | kind 2", once.DifferenceFrom(again), StringComparison.Ordinal);
    }
}
