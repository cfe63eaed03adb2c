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

    [Fact]
    public void While_it_heals_it_is_there_under_any_name()
    {
        var dark = PlantedGap.All[1];

        Assert.True(dark.IsAt(Break("spans-missing", "storefront", "payments")));
        Assert.False(dark.IsAt(Break("spans-missing", "payments", "bank")));
    }

    [Fact]
    public void A_service_that_the_journey_does_not_reach_is_not_mended()
    {
        var catalog = PlantedGap.All[0];
        var journey = Journey(Break("spans-missing", "storefront", "catalog"));

        Assert.False(catalog.IsClosed(journey));
        Assert.True(catalog.IsClosed(journey with { Breaks = [] }));
        Assert.False(catalog.IsClosed(journey with { Breaks = [], Hops = [] }));
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

    [Fact]
    public void What_the_hub_says_of_a_break_stays_in_its_line()
    {
        var row = Break("hop\edark", "a\e[2J", "b\nc", "q\r") with { Cause = "x\e", Evidence = "y\n", Fix = "z\e", Command = "id\n" };

        Assert.Equal(5, GapsTable.Describe(row).Count());
        Assert.All(GapsTable.Describe(row), line => Assert.DoesNotContain(line, char.IsControl));
    }

    private static JourneyRow Journey(BreakRow row) => new(
        "purchase", "", "", "broken", row.From, "POST", null, [new HopRow("1", "", 0, row.To, "GET", 3, "live", 1, null, "learnt", row.Id, null)], [row], null, 3, null, null);

    private static bool[] Matches(BreakRow row) => [.. PlantedGap.All.Select(gap => gap.Is(row))];

    private static BreakRow Break(string code, string from, string to, string queue = "") => new(
        "1", code, new HopEnd(from, from, "service", from), new HopEnd(to, to, "service", to), queue,
        "", "", "", "", "", "", 1, null, [], DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
}
