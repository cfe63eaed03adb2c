using Gantry.Benchmarks.Allocations;
using Gantry.Benchmarks.Scan;
using Gantry.Benchmarks.Workload;

namespace Gantry.Benchmarks.Tests;

[Collection("one at a time")]
public sealed class BenchmarkTests
{
    [Fact]
    public void No_case_allocates_more_than_benchmarks_allocations_json_records()
    {
        var measured = AllocationCases.Measure();
        var record = AllocationsBenchmark.ReadRecord();

        Assert.Empty(AllocationsBenchmark.Above(measured, record));
        Assert.Equal(measured.Keys.Order(), record.Keys.Order());
    }

    [Fact]
    public void A_case_above_its_record_and_one_without_a_record_are_named()
    {
        var above = AllocationsBenchmark.Above(
            new Dictionary<string, double> { ["a"] = 110, ["b"] = 111, ["c"] = 0, ["d"] = 0.1, ["e"] = 0 },
            new Dictionary<string, double> { ["a"] = 100, ["b"] = 100, ["c"] = 0, ["d"] = 0 });

        Assert.Equal(["b: 111.0 bytes, recorded 100.0", "d: 0.1 bytes, recorded 0.0", "e: 0.0 bytes, recorded nothing"], above);
    }

    [Fact]
    public void Generated_traces_have_the_shape_of_the_recorded_ones()
    {
        var workload = TraceWorkload.Generate(100);

        Assert.InRange(workload.Spans / 100.0, 40, 60);
        Assert.InRange((double)workload.Bytes / workload.Spans, 400, 600);
    }

    [Fact]
    public void Scan_comes_to_the_oracles_spans_and_RED_totals() =>
        ScanBenchmark.Verify(TraceWorkload.Generate(100));

    [Theory]
    [InlineData("--json", true, null, null)]
    [InlineData("--json --seconds 5", true, 5, null)]
    [InlineData("--rounds 3 --seconds 5", false, 5, 3)]
    [InlineData("", false, null, null)]
    public void Arguments_are_read(string line, bool json, int? seconds, int? rounds)
    {
        Assert.True(Arguments.TryParse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), out var arguments));
        Assert.Equal(new Arguments(json, seconds, rounds), arguments);
    }

    [Theory]
    [InlineData("--seconds")]
    [InlineData("--seconds 0")]
    [InlineData("--seconds x")]
    [InlineData("--rounds")]
    [InlineData("--rounds 1000")]
    [InlineData("json")]
    public void Wrong_arguments_are_refused(string line) => Assert.False(Arguments.TryParse(line.Split(' '), out _));
}
