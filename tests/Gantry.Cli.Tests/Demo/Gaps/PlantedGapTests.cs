using Gantry.Cli.Demo.Gaps;
using Gantry.Hub.Journeys;

namespace Gantry.Cli.Tests.Demo.Gaps;

public class PlantedGapTests
{
    [Fact]
    public void Each_is_known_by_where_it_is_and_what_it_is_called()
    {
        Assert.Equal([true, false, false], Matches(Break("context-not-continued", "storefront", "catalog")));
        Assert.Equal([false, true, false], Matches(Break("hop-dark", "storefront", "payments")));
        Assert.Equal([false, true, false], Matches(Break("hop-dark", "storefront", "payments.dll")));
        Assert.Equal([false, false, true], Matches(Break("queue-loses-context", "storefront", "fulfilment", "orders")));
    }

    [Theory]
    [InlineData("context-not-sent", "storefront", "catalog", "")]
    [InlineData("context-not-continued", "fulfilment", "catalog", "")]
    [InlineData("context-not-continued", "storefront", "cart", "")]
    [InlineData("hop-dark", "storefront", "paymentsbackup", "")]
    [InlineData("queue-loses-context", "storefront", "fulfilment", "")]
    public void Another_name_or_place_is_none_of_them(string code, string from, string to, string queue) =>
        Assert.DoesNotContain(true, Matches(Break(code, from, to, queue)));

    [Theory]
    [InlineData("OTEL_PROPAGATORS=tracecontext,baggage", "tracecontext,baggage")]
    [InlineData("OTEL_PROPAGATORS=a=b", "a=b")]
    [InlineData("NODE_OPTIONS=--require /tmp/x.js", null)]
    [InlineData("OTEL_PROPAGATORS=", null)]
    [InlineData("gantry instrument payments.dll --apply", null)]
    [InlineData("", null)]
    public void Of_what_the_hub_advises_only_a_setting_of_telemetry_is_taken(string command, string? value) =>
        Assert.Equal(value, PlantedGap.Advised(Break("context-not-continued", "storefront", "catalog") with { Command = command })?.Value);

    [Fact]
    public void All_is_well_when_each_was_named_and_gone_in_time_and_nothing_else_was()
    {
        var row = Break("context-not-continued", "storefront", "catalog");
        var gap = new GapResult("storefront", "catalog", "", row.Code, row, "a restart", 29.9, 30);
        var result = new GapsResult("purchase", [gap], [], [], "whole");

        Assert.True(result.Ok);
        Assert.False((result with { Gaps = [gap with { Break = null }] }).Ok);
        Assert.False((result with { Gaps = [gap with { Seconds = 30.1 }] }).Ok);
        Assert.False((result with { Gaps = [gap with { Seconds = null }] }).Ok);
        Assert.False((result with { Unexpected = [row] }).Ok);
        Assert.False((result with { Left = [row] }).Ok);
    }

    private static bool[] Matches(BreakRow row) => [.. PlantedGap.All.Select(gap => gap.Is(row))];

    private static BreakRow Break(string code, string from, string to, string queue = "") => new(
        "1", code, new HopEnd(from, from, "service", from), new HopEnd(to, to, "service", to), queue,
        "", "", "", "", "", "", 1, null, [], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
}
