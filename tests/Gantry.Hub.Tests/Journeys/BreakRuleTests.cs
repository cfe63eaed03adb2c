using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys.Breaks;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Journeys;

/// <summary>Each cause by what is known of both sides; docs/journeys.md has the table.</summary>
public class BreakRuleTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // begun, continued, somebody else hears the caller
    [InlineData(100UL, 0UL, true, BreakCodes.ContextNotContinued)]
    [InlineData(100UL, 50UL, true, BreakCodes.ContextNotContinued)]
    [InlineData(100UL, 0UL, false, BreakCodes.ContextNotContinued)]
    [InlineData(100UL, 50UL, false, BreakCodes.ContextNotSent)]
    [InlineData(0UL, 50UL, true, BreakCodes.SpansMissing)]
    [InlineData(0UL, 50UL, false, BreakCodes.SpansMissing)]
    public void Who_is_to_blame_follows_from_who_understands_whom(ulong begun, ulong continued, bool heard, string code)
    {
        var link = Link(Row("callee")) with { CallerIsHeard = heard, Facts = Facts(begun, continued) };

        var cause = BreakRules.CauseOf(link, Now);

        Assert.Equal(code, cause.Code);
        Assert.Equal(code == BreakCodes.SpansMissing ? "OTEL_TRACES_SAMPLER=always_on" : "OTEL_PROPAGATORS=tracecontext,baggage", cause.Command);
        Assert.Contains(code == BreakCodes.ContextNotSent ? "Start caller" : "callee", cause.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_sends_nothing_is_dark_also_when_it_once_did()
    {
        Assert.Equal(BreakCodes.HopDark, BreakRules.CauseOf(Link(Row("callee") with { Dark = true }), Now).Code);
        Assert.Equal(BreakCodes.HopDark, BreakRules.CauseOf(Link(Row("callee")), Now).Code);
        var silent = BreakRules.CauseOf(Link(Row("callee")) with { Facts = Facts(100, 0) with { LastSpan = Now.AddMinutes(-20) } }, Now);
        Assert.Equal(BreakCodes.HopDark, silent.Code);
        Assert.Contains("20 min", silent.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_has_just_begun_to_send_was_dark_and_who_loses_some_is_not()
    {
        var attached = Link(Row("callee")) with
        {
            Facts = Facts(0, 20) with { FirstSpan = Now.AddSeconds(-12) },
            FirstLost = Now.AddMinutes(-10), LastLost = Now.AddSeconds(-11), FirstAnswered = Now.AddSeconds(-10),
        };

        Assert.Equal(BreakCodes.HopDark, BreakRules.CauseOf(attached, Now).Code);
        Assert.Equal(BreakCodes.SpansMissing, BreakRules.CauseOf(attached with { FirstLost = Now.AddSeconds(-11) }, Now).Code);
        Assert.Equal(BreakCodes.SpansMissing, BreakRules.CauseOf(attached with { FirstAnswered = Now.AddMinutes(-9) }, Now).Code);
        Assert.Equal(BreakCodes.SpansMissing, BreakRules.CauseOf(attached with { LastLost = Now.AddSeconds(5) }, Now.AddSeconds(20)).Code);
    }

    [Fact]
    public void Nothing_is_known_of_the_first_span_and_nothing_is_thrown()
    {
        var link = Link(Row("callee")) with { Facts = Facts(0, 20) with { FirstSpan = DateTimeOffset.MinValue }, FirstLost = DateTimeOffset.MinValue, FirstAnswered = DateTimeOffset.MinValue };

        Assert.Equal(BreakCodes.SpansMissing, BreakRules.CauseOf(link, Now).Code);
        Assert.Equal(BreakCodes.SpansMissing, BreakRules.CauseOf(link with { LastLost = DateTimeOffset.MinValue }, Now).Code);
    }

    [Fact]
    public void A_queue_is_read_by_somebody_who_begins_anew()
    {
        var queue = new EdgeNode("queue:x", "kafka orders", "queue", "kafka", null);
        var reader = BreakRules.CauseOf(Link(Row("callee")) with { Queue = queue, Facts = Facts(30, 0) with { Queued = 30 } }, Now);

        Assert.Equal(BreakCodes.QueueLosesContext, reader.Code);
        Assert.Contains("kafka orders", reader.Title, StringComparison.Ordinal);
        Assert.Equal(BreakCodes.SpansMissing, BreakRules.CauseOf(Link(null), Now).Code);
    }

    private static ServiceFacts Facts(ulong begun, ulong continued) => new(begun + continued, begun, 0, continued, Now.AddSeconds(-5), Now.AddHours(-1), ["GET /"]);

    private static LostLink Link(ServiceRow? callee) => new(
        Row("caller"), callee, null, [new PeerKey(PeerType.Address, "", "", "callee:80")], 0, 100, ServiceFacts.None, CallerIsHeard: true, Calls: 100, Now.AddMinutes(-30), Now.AddSeconds(-3));

    private static ServiceRow Row(string name) => new(name, name, "", "", 2, false, false, "nodejs", "", "", "", "", Now, null, 0, [], [], null);
}
