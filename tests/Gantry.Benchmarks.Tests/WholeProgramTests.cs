using Gantry.Benchmarks.EndToEnd;
using Gantry.Benchmarks.Overload;
using Gantry.Benchmarks.Steps;
using Gantry.Benchmarks.Workload;

namespace Gantry.Benchmarks.Tests;

/// <summary>The benchmarks that start whole programs, for a moment each: they fail when a program does not do the work that is measured. Speed is not
/// looked at here.</summary>
[Collection("one at a time")]
public sealed class WholeProgramTests
{
    [Fact]
    public async Task Gateways_forward_and_count_the_same_and_every_way_is_measured()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are measured with /proc");

        var words = new StringWriter();
        var result = await GatewayBenchmark.MeasureAsync(TraceWorkload.Generate(20), seconds: 1, rounds: 1, words);

        Assert.All([result.Http, result.HttpGzip, result.Grpc, result.GrpcGzip], way =>
        {
            Assert.True(way.SpansPerCoreSecond > 0, words.ToString());
            Assert.True(way.Ratio > 0);
            Assert.True(way.OfFloor > 0);
        });
        Assert.InRange(result.RssMb, 10, 2000);
    }

    [Fact]
    public async Task Overload_is_acknowledged_counted_and_told_when_to_come_back()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are measured with /proc");

        var words = new StringWriter();
        var result = await OverloadBenchmark.MeasureAsync(TraceWorkload.Generate(20), seconds: 1, words);

        Assert.True(result.GoodputRatio > 0, words.ToString());
        Assert.True(result.Sent > 0);
        Assert.Equal(result.Offered, result.Sent + result.NotSent);
        Assert.Equal(0, result.RefusedWithoutRetryDelay);
        Assert.True(result.RssMaxOverMedian >= 1);
    }

    [Fact]
    public void Every_step_takes_time()
    {
        var result = StepsBenchmark.Measure(TraceWorkload.Generate(20), rounds: 1);

        Assert.Contains(result.Steps, step => step.Name == "memory copy");
        Assert.All(result.Steps, step => Assert.True(step.NanosecondsPerSpan > 0, step.Name));
    }
}
