using Gantry.Estate.Journeys;
using Gantry.Estate.Red;
using Gantry.Estate.Resources;
using Gantry.Estate.Sampling;
using Gantry.Hub.Tests.Pipelines;

namespace Gantry.Hub.Tests.Journeys;

public class JourneyReaderTests
{
    private const string Everything = """
          title: Buy something
          owner: team-checkout
          description: From the basket to the order.
          entry: {service: storefront, operation: POST /purchase, namespace: shop, environment: prod}
          hops:
          - {service: catalog, from: storefront}
          - {service: fulfilment, queue: orders, optional: true}
          objectives:
          - {name: available, indicator: errors, target: 99.5%, window: 28d}
          - {name: fast, indicator: duration, threshold: 500ms, target: 0.95, window: 4w, service: catalog}

        """;

    [Fact]
    public void Everything_that_can_be_said_is_read()
    {
        var journey = Documents.Read<Journey>(Documents.Head("Journey", "purchase") + Everything);

        Assert.Equal(("purchase", "Buy something", "team-checkout", "From the basket to the order."), (journey.Name, journey.Title, journey.Owner, journey.Description));
        Assert.Equal(new JourneyEntry("storefront", "shop", "prod", "POST /purchase"), journey.Entry);
        Assert.Equal([new ExpectedHop("catalog", "storefront", "", false), new ExpectedHop("fulfilment", "", "orders", true)], journey.Hops);
        Assert.Equal(
            [
                new Objective("available", "", ObjectiveIndicator.Errors, 0.995, TimeSpan.FromDays(28), TimeSpan.Zero),
                new Objective("fast", "catalog", ObjectiveIndicator.Duration, 0.95, TimeSpan.FromDays(28), TimeSpan.FromMilliseconds(500)),
            ],
            journey.Objectives);
        Assert.Equal("storefront POST /purchase, 2 hops, 2 objectives", JourneyReader.Kind.Summarise(journey));
    }

    [Theory]
    [InlineData("")]
    [InlineData("hops: learn")]
    public void Hops_are_learnt_where_none_are_declared_and_the_name_is_the_title(string hops)
    {
        var journey = Read($"entry: {{service: storefront}}\n  {hops}");

        Assert.Empty(journey.Hops);
        Assert.Equal(("p", "storefront", ""), (journey.Title, journey.Entry.Service, journey.Entry.Operation));
        Assert.True(journey.Entry.Begins("GET /anything"));
        Assert.True(journey.Entry.IsOf("storefront", "shop", "prod"));
        Assert.Equal("storefront, hops learnt", JourneyReader.Kind.Summarise(journey));
    }

    [Fact]
    public void The_entry_s_own_name_in_an_objective_means_the_entry() =>
        Assert.Equal("", Assert.Single(Read("entry: {service: a}\n  objectives: [{name: o, indicator: errors, target: 99%, window: 1h, service: a}]").Objectives).Service);

    [Theory]
    [InlineData("title: x", "spec.entry", "is missing")]
    [InlineData("entry: {operation: GET /}", "spec.entry.service", "is missing")]
    [InlineData("entry: {service: a, host: b}", "spec.entry.host", "is not known")]
    [InlineData("entry: {service: 12}", "spec.entry.service", "expected text")]
    [InlineData("entry: {service: \"a\\nb\"}", "spec.entry.service", "without line breaks")]
    [InlineData("entry: {service: a}\n  hops: []", "spec.hops", "expected learn, or a list of 1 to 100")]
    [InlineData("entry: {service: a}\n  hops: guess", "spec.hops", "expected learn, or a list")]
    [InlineData("entry: {service: a}\n  hops: [{service: b}, {service: b, optional: true}]", "spec.hops[1]", "is there twice")]
    [InlineData("entry: {service: a}\n  hops: [{service: b, from: c}]", "spec.hops[0].from", "is neither the entry's service")]
    [InlineData("entry: {service: a}\n  hops: [{service: b, optional: maybe}]", "spec.hops[0].optional", "expected true or false")]
    [InlineData("entry: {service: a}\n  target: baseline", "spec.target", "said by a Campaign")]
    [InlineData("entry: {service: a}\n  objectives: [{name: A b, indicator: errors, target: 99%, window: 28d}]", "spec.objectives[0].name", "lower-case")]
    [InlineData("entry: {service: a}\n  objectives: [{name: o, indicator: saturation, target: 99%, window: 28d}]", "spec.objectives[0].indicator", "expected errors or duration")]
    [InlineData("entry: {service: a}\n  objectives: [{name: o, indicator: errors, target: 99, window: 28d}]", "spec.objectives[0].target", "99.5% or 0.995")]
    [InlineData("entry: {service: a}\n  objectives: [{name: o, indicator: errors, target: 100%, window: 28d}]", "spec.objectives[0].target", "no room for any failure")]
    [InlineData("entry: {service: a}\n  objectives: [{name: o, indicator: errors, target: 99%, window: 59m}]", "spec.objectives[0].window", "from 1h to 90d")]
    [InlineData("entry: {service: a}\n  objectives: [{name: o, indicator: errors, target: 99%, window: 91d}]", "spec.objectives[0].window", "from 1h to 90d")]
    [InlineData("entry: {service: a}\n  objectives: [{name: o, indicator: errors, target: 99%}]", "spec.objectives[0].window", "is missing")]
    [InlineData("entry: {service: a}\n  objectives: [{name: o, indicator: duration, target: 99%, window: 28d}]", "spec.objectives[0].threshold", "is missing")]
    [InlineData("entry: {service: a}\n  objectives: [{name: o, indicator: errors, threshold: 1s, target: 99%, window: 28d}]", "spec.objectives[0].threshold", "says nothing about errors")]
    [InlineData("entry: {service: a}\n  objectives: [{name: o, indicator: duration, threshold: 300ms, target: 99%, window: 28d}]", "spec.objectives[0].threshold", "the nearest are 250ms and 500ms")]
    [InlineData("entry: {service: a}\n  objectives: [{name: o, indicator: duration, threshold: 20s, target: 99%, window: 28d}]", "spec.objectives[0].threshold", "the nearest is 10s")]
    [InlineData("entry: {service: a}\n  objectives: [{name: o, indicator: duration, threshold: 1ms, target: 99%, window: 28d}]", "spec.objectives[0].threshold", "the nearest is 5ms")]
    [InlineData("entry: {service: a}\n  hops: [{service: b}]\n  objectives: [{name: o, indicator: errors, target: 99%, window: 28d, service: c}]", "spec.objectives[0].service", "is neither the entry's service")]
    public void What_is_wrong_is_said_with_its_field_and_the_way_out(string spec, string field, string words)
    {
        var problems = Documents.Problems(Documents.Head("Journey", "p") + $"  {spec}\n").All;

        Assert.Contains(problems, problem => problem.Field == field && problem.Message.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Names_of_objectives_are_told_apart()
    {
        var problems = Documents.Problems(Documents.Head("Journey", "p") + "  entry: {service: a}\n  objectives:\n  - {name: o, indicator: errors, target: 99%, window: 1d}\n  - {name: o, indicator: errors, target: 98%, window: 1d}\n");

        Assert.Equal("spec.objectives[1].name", Assert.Single(problems.All).Field);
    }

    [Fact]
    public void Counts_are_bounded_of_one_journey_and_of_all()
    {
        var hops = string.Join(", ", Enumerable.Range(0, JourneyReader.MostHops + 1).Select(i => $"{{service: s{i}}}"));
        var objectives = string.Join(", ", Enumerable.Range(0, JourneyReader.MostObjectives).Select(i => $"{{name: o{i}, indicator: errors, target: 99%, window: 1d}}"));
        var journey = Read($"entry: {{service: a}}\n  objectives: [{objectives}]");

        Assert.Equal("spec.hops", Assert.Single(Documents.Problems(Documents.Head("Journey", "p") + $"  entry: {{service: a}}\n  hops: [{hops}]\n").All).Field);
        Assert.Equal(
            "spec.objectives",
            Assert.Single(Documents.Problems(Documents.Head("Journey", "p") + $"  entry: {{service: a}}\n  objectives: [{objectives}, {{name: more, indicator: errors, target: 99%, window: 1d}}]\n").All).Field);
        Assert.Equal("", JourneyReader.Kind.CheckTogether!(Enumerable.Repeat(journey, 25)));
        Assert.Contains("at most 500", JourneyReader.Kind.CheckTogether(Enumerable.Repeat(journey, 26)), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_bound_of_the_buckets_is_a_threshold_and_finds_its_bucket()
    {
        for (var i = 0; i < DurationBuckets.BoundsNano.Length; i++)
        {
            var bound = TimeSpan.FromTicks((long)DurationBuckets.BoundsNano[i] / 100);
            var journey = Read($"entry: {{service: a}}\n  objectives: [{{name: o, indicator: duration, threshold: {SamplingWords.Duration(bound)}, target: 99%, window: 1d}}]");

            Assert.Equal(i, JourneyWords.BucketOf(Assert.Single(journey.Objectives).Threshold));
        }
    }

    [Theory]
    [InlineData("99.5%", 0.995)]
    [InlineData("0.995", 0.995)]
    [InlineData("99.999 %", 0.99999)]
    [InlineData("0", 0.0)]
    [InlineData("100%", 1.0)]
    [InlineData("101%", null)]
    [InlineData("-1%", null)]
    [InlineData("1e-1", null)]
    [InlineData("%", null)]
    [InlineData("a", null)]
    public void A_share_is_a_percentage_or_a_number(string text, double? share) => Assert.Equal(share, JourneyWords.ParseShare(text));

    [Theory]
    [InlineData("28d", "28d")]
    [InlineData("4w", "28d")]
    [InlineData("36h", "36h")]
    [InlineData("90m", "90m")]
    [InlineData("0d", null)]
    [InlineData("1.5d", null)]
    [InlineData("-1d", null)]
    [InlineData("d", null)]
    [InlineData("99999999d", null)]
    [InlineData("1M", null)]
    public void A_window_is_whole_minutes(string text, string? again) => Assert.Equal(again, JourneyWords.ParseWindow(text) is { } window ? JourneyWords.Window(window) : null);

    [Fact]
    public void It_is_a_kind_like_the_others() => Assert.Same(JourneyReader.Kind, ResourceKinds.Find("journeys"));

    [Fact]
    public void The_page_has_an_example_that_is_one_and_the_thresholds_of_every_alert()
    {
        var page = Repository.Read("docs/objectives.md");
        var journey = Documents.Read<Journey>(page.Split("```yaml\n")[1].Split("```")[0]);

        Assert.Equal(["available", "fast", "stock-available"], journey.Objectives.Select(objective => objective.Name));
        foreach (var rule in Hub.Objectives.BurnRule.All)
        {
            var thresholds = string.Join(" | ", ((int[])[30, 28, 7]).Select(days => rule.ThresholdFor(TimeSpan.FromDays(days)).ToString(System.Globalization.CultureInfo.InvariantCulture)));
            Assert.Contains($"| {rule.BudgetShare * 100:0} % | {thresholds} |", page, StringComparison.Ordinal);
        }
    }

    private static Journey Read(string spec) => Documents.Read<Journey>(Documents.Head("Journey", "p") + $"  {spec}\n");
}
