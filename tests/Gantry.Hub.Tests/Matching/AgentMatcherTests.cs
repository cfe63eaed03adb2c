using Gantry.Estate.Agents;
using Gantry.Estate.Matching;

namespace Gantry.Hub.Tests.Matching;

public class AgentMatcherTests
{
    private static readonly AgentFacts Agent = new(
        "0190", "edge-1", AgentKind.Collector,
        new Dictionary<string, string> { ["env"] = "prod", ["os.type"] = "linux", ["service.version"] = "0.150.0", ["name with blank"] = "ä b", ["path"] = @"C:\a", ["lines"] = "a\nb" });

    [Theory]
    [InlineData("env=prod", true)]
    [InlineData("env = \"prod\"", true)]
    [InlineData("env!=prod", false)]
    [InlineData("env=~pro", false)]
    [InlineData("env=~\"pro.\"", true)]
    [InlineData("env=~\"stage|prod\"", true)]
    [InlineData("env!~\"stage|prod\"", false)]
    [InlineData("env!~\"p\"", true)]
    [InlineData("missing=\"\"", true)]
    [InlineData("missing!=\"\"", false)]
    [InlineData("missing!=x", true)]
    [InlineData("missing=~\".*\"", true)]
    [InlineData("missing=~\".+\"", false)]
    [InlineData("\"name with blank\"=\"ä b\"", true)]
    [InlineData("path=\"C:\\\\a\"", true)]
    [InlineData("lines=\"a\\nb\"", true)]
    [InlineData("lines=~\"a.b\"", false)]
    [InlineData("lines=~\"(?s)a.b\"", true)]
    [InlineData("env=~\"\\\\w{4}\"", true)]
    [InlineData("env=~\"prod$\"", true)]
    [InlineData("collector.ID=0190", true)]
    [InlineData("collector.os=linux", true)]
    [InlineData("collector.version=~\"0\\\\.1[45].*\"", true)]
    [InlineData("collector.type=otel", true)]
    public void A_matcher_holds_or_not(string text, bool holds)
    {
        var matcher = Parse(text);

        Assert.Equal(holds, new AgentAttributes(Agent).Satisfy([matcher]));
        // What it prints is read as the same.
        Assert.Equal(matcher.ToString(), Parse(matcher.ToString()).ToString());
        Assert.Equal(holds, new AgentAttributes(Agent).Satisfy([Parse(matcher.ToString())]));
    }

    [Theory]
    [InlineData("", "expected a name at the end")]
    [InlineData("env", "expected =, !=, =~ or !~")]
    [InlineData("env=", "expected a value at the end")]
    [InlineData("=x", "expected a name before '=x'")]
    [InlineData("\"\"=x", "the name is empty")]
    [InlineData("env==x", "expected a value before '=x'")]
    [InlineData("a=b, c=d", "', c=d' behind the value")]
    [InlineData("a=b c", "'c' behind the value")]
    [InlineData("a=\"b", "not closed")]
    [InlineData("a=\"\\q\"", "'\\q' is no escape")]
    [InlineData("a=~\"(\"", "not a regular expression")]
    [InlineData("a=~\"(?=x)\"", "not a regular expression")]
    [InlineData("a=~\"(x)\\\\1\"", "not a regular expression")]
    [InlineData("a=~\"[[:alpha:]]\"", "as in [A-Za-z]")]
    [InlineData("a=~\"(?P<n>x)\"", "named groups")]
    [InlineData("a=~\"x{2000}\"", "more than 1000")]
    public void What_is_no_matcher_is_refused_with_the_fix(string text, string words)
    {
        Assert.Null(AgentMatcher.Parse(text, out var error));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public void No_matcher_at_all_is_for_no_agent() => Assert.False(new AgentAttributes(Agent).Satisfy([]));

    [Fact]
    public void Two_hundred_characters_are_the_most() => Assert.Contains("at most 200", Error("a=" + new string('b', 199)), StringComparison.Ordinal);

    [Fact]
    public void A_pattern_that_backtracks_for_years_elsewhere_answers_at_once()
    {
        var matcher = Parse("a=~\"(a+)+b\"");

        Assert.False(matcher.Accepts(new string('a', 50_000)));
    }

    [Theory]
    [InlineData("a=1", "a=2", false)]
    [InlineData("a=1", "a!=1", false)]
    [InlineData("a=1", "a=~\"[2-9]\"", false)]
    [InlineData("a=1", "b=2", true)]
    [InlineData("a=~\"1\"", "a=~\"2\"", true)]
    public void Lists_that_exclude_each_other_are_known_by_a_demanded_value(string a, string b, bool meet)
    {
        Assert.Equal(meet, MatcherSets.CanMeet([Parse(a)], [Parse(b)]));
        Assert.Equal(meet, MatcherSets.CanMeet([Parse(b)], [Parse(a)]));
    }

    private static AgentMatcher Parse(string text)
    {
        var matcher = AgentMatcher.Parse(text, out var error);
        Assert.True(matcher is not null, error);
        return matcher!;
    }

    private static string Error(string text)
    {
        Assert.Null(AgentMatcher.Parse(text, out var error));
        return error;
    }
}
