using System.Diagnostics;
using System.Text.Json;
using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Journeys;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Coverage;

/// <summary>The rule of docs/steps.md, on the newspaper and on rows made by chance.</summary>
public class StepRankingTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 14, 15, 9, 26, TimeSpan.Zero);

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Infrastructure_is_first_and_custom_and_what_nobody_can_take_are_last(int seed)
    {
        var steps = new StepRanking(Random(seed)).All;

        var phases = steps.Select(step => step switch { { IsTakeable: false } => 3, { Rung: 4 } => 2, { Rung: 1 } when step.Title.StartsWith("Bring", StringComparison.Ordinal) => 0, _ => 1 }).ToList();
        Assert.Equal(phases.Order(), phases);
        Assert.Equal(Enumerable.Range(1, steps.Count), steps.Select(step => step.Rank));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Within_a_journey_rungs_go_up_and_one_journey_is_finished_before_the_next_begins(int seed)
    {
        var scope = Random(seed);
        var ranking = new StepRanking(scope);

        Assert.All(scope.Journeys, journey =>
        {
            var rungs = ranking.OfJourney(journey.Name).Where(step => step.IsTakeable).Select(step => step.Rung).ToList();
            Assert.Equal(rungs.Order(), rungs);
        });
        var order = ranking.Journeys.Select((name, at) => (name, at)).ToDictionary(item => item.name, item => item.at);
        var leading = ranking.All.Where(step => step is { IsTakeable: true, Rung: 2 or 3 }).Select(step => step.Journeys.Select(item => order[item.Name]).DefaultIfEmpty(int.MaxValue).Min()).ToList();
        Assert.Equal(leading.Order(), leading);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_cause_has_one_step_and_every_break_is_closed_by_exactly_one(int seed)
    {
        var scope = Random(seed);

        var steps = new StepRanking(scope).All;

        Assert.Distinct(steps.Select(step => step.Id));
        Assert.Distinct(steps.Where(step => step.Subject == "service").Select(step => step.SubjectId));
        Assert.Equal(scope.Breaks.Select(row => row.Id).Order(), steps.SelectMany(step => step.Gain.Closes).Order());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_order_of_the_rows_does_not_matter(int seed)
    {
        var scope = Random(seed);
        var shuffled = scope with { Services = [.. scope.Services.Reverse()], Hosts = [.. scope.Hosts.Reverse()], Journeys = [.. scope.Journeys.Reverse()], Breaks = [.. scope.Breaks.Reverse()] };

        Assert.Equal(
            new StepRanking(scope).All.Select(step => (step.Rank, step.SubjectId, step.Title)),
            new StepRanking(shuffled).All.Select(step => (step.Rank, step.SubjectId, step.Title)));
    }

    [Fact]
    public void A_dark_hop_and_its_break_are_one_step_that_says_what_it_closes()
    {
        var steps = Newspaper.Snapshot(Now).Steps.OfJourney("subscribe");

        var dark = Assert.Single(steps, step => step.SubjectName.Contains("billing-batch", StringComparison.Ordinal));
        Assert.Equal((1, 2, "service", "injector-pkg"), (dark.Rank, dark.Rung, dark.Subject, dark.Method));
        Assert.Equal(["checkout-billing"], dark.Gain.Closes);
        Assert.Equal(0.28, Assert.Single(dark.Journeys).Share);
        Assert.Equal("process", dark.Cost.Restart);
        Assert.StartsWith("gantry instrument ", dark.Command, StringComparison.Ordinal);
        // The two that are left are links: consent and newsletter stand on rung 2 because of them, and have no step beside it.
        Assert.Equal(["context-not-continued:consent", "queue-loses-context:checkout:orders"], steps.Skip(1).Select(step => step.Id).Order(StringComparer.Ordinal));
        Assert.Equal("28 % of subscribe, closes 1 break, 1,860 requests an hour, 2 services", StepWords.Gain(dark, "subscribe"));
    }

    [Fact]
    public void Two_callers_that_one_service_does_not_continue_are_one_step()
    {
        var scope = Scope([Service("a", 3), Service("b", 3), Service("c", 3)], [Break("x", "context-not-continued", "a", "c"), Break("y", "context-not-continued", "b", "c")]);

        var step = Assert.Single(new StepRanking(scope).All, step => step.Rung == 3);

        Assert.Equal(["x", "y"], step.Gain.Closes);
        Assert.Equal(20, step.Gain.RequestsPerHour);
    }

    [Fact]
    public void The_journey_with_the_fewest_steps_left_comes_first_then_the_more_critical_one_and_a_never_seen_one_last()
    {
        var services = new[] { Service("a", 2), Service("b", 2), Service("c", 2) with { Criticality = "mission_critical" }, Service("d", 2) };
        var scope = Scope(services, []) with { Journeys = [Journey("two", "broken", "a", "b"), Journey("plain", "broken", "d"), Journey("vital", "broken", "c"), Journey("unseen", "dark")] };

        Assert.Equal(["vital", "plain", "two", "unseen"], new StepRanking(scope).Journeys);
    }

    [Fact]
    public void Of_two_the_one_for_more_requests_is_first_and_of_equal_ones_the_cheaper_and_critical_goes_before_both()
    {
        ServiceRow Sending(string name, double rate, string language, string criticality = "") => Service(name, 1) with { Language = language, Criticality = criticality, Red = new RedNow(rate, 0, null, null, null, "spans", Now) };
        var scope = Scope([Sending("few", 1, "java"), Sending("many", 1000, "java"), Sending("rebuilt", 1, "haskell"), Sending("vital", 0.1, "java", "mission_critical")], []);

        var names = new StepRanking(scope).All.Where(step => step.Subject == "service").Select(step => step.SubjectName).ToList();

        Assert.Equal(["vital", "many"], names.Take(2));
        Assert.Equal(4, names.Count);
    }

    [Fact]
    public void An_owner_gets_the_steps_of_their_services_and_those_of_nobody_s_services_on_their_journeys()
    {
        var scope = Scope([Service("mine", 2) with { Owner = "us" }, Service("theirs", 2) with { Owner = "them" }, Service("nobodys", 2)], [])
            with { Journeys = [Journey("ours", "broken", "mine", "theirs", "nobodys") with { Owner = "us" }] };
        var ranking = new StepRanking(scope);

        Assert.Equal(["mine", "nobodys"], ranking.OfOwner("us").Select(step => step.SubjectName).Order(StringComparer.Ordinal));
        Assert.Equal(["theirs"], ranking.OfOwner("them").Select(step => step.SubjectName));
        Assert.Equal(["them", "us"], ranking.Owners);
    }

    [Fact]
    public void What_is_under_way_is_not_asked_for_again_and_what_waits_is_a_restart()
    {
        ServiceRow Dark(string name, string state) => Service(name, 0) with
        {
            Dark = true,
            Processes = [new ProcessRow("h", "h", 42, Now, name, "/bin/" + name, "", "java", "", "", [], name + ".service", "") { Id = name + "-1", State = state, Method = "injector-pkg" }],
        };
        var steps = new StepRanking(Scope([Dark("done", "configured"), Dark("waits", "restart pending"), Dark("new", "eligible")], [])).All.Where(step => step.Subject == "service").ToList();

        Assert.Equal(["new", "waits"], steps.Select(step => step.SubjectName).Order(StringComparer.Ordinal));
        Assert.Equal("systemctl restart waits.service", steps.Single(step => step.SubjectName == "waits").Command);
        Assert.Equal("/instrumentations/_new?process=new-1", steps.Single(step => step.SubjectName == "new").Plan);
    }

    [Fact]
    public void What_nobody_can_do_is_shown_as_that()
    {
        var blocked = Service("odd", 0) with
        {
            Dark = true, Language = "",
            Processes = [new ProcessRow("h", "h", 42, Now, "odd", "/bin/odd", "", "", "", "", ["0.0.0.0:1"], "", "") { Id = "odd-1", State = "blocked", Message = "It is in a container." }],
        };

        var step = new StepRanking(Scope([blocked, Service("z", 2)], [])).All[^1];

        Assert.Equal(("odd", false, ""), (step.SubjectName, step.IsTakeable, step.Command));
        Assert.Contains("It is in a container.", step.Why, StringComparison.Ordinal);
        Assert.Equal("no method is known", StepWords.Cost(step));
    }

    [Fact]
    public void What_nobody_can_take_is_next_only_where_there_is_no_other_and_says_so()
    {
        var hopeless = Break("x", "context-not-sent", "a", "b") with { Fix = "" };
        var journey = Journey("one", "broken", "a", "b") with { Breaks = [hopeless] };
        var alone = Scope([Service("a", 3), Service("b", 3)], [hopeless]) with { Journeys = [journey] };
        var both = alone with { Journeys = [journey with { Breaks = [hopeless, Break("y", "context-not-continued", "a", "b")] }] };

        Assert.EndsWith("No way to mend it is known.", Assert.Single(new StepRanking(alone).Complete(alone.Journeys)).Next!.Why, StringComparison.Ordinal);
        Assert.True(new StepRanking(alone).First!.IsTakeable);
        Assert.EndsWith("Fix it.", Assert.Single(new StepRanking(both).Complete(both.Journeys)).Next!.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_may_be_gone_does_not_hold_journeys_up()
    {
        var gone = new HostRow("gone", "gone", 0, Stale: true, "", "", Now.AddHours(-1), null, [new EvidenceRow("cpu", "CPU", "", 1, "stale", Now, "")], null, 0, 0, 0, "");
        var dark = gone with { Id = "dark", Name = "dark", Stale = false };
        var scope = Scope([Service("a", 2)], []) with { Hosts = [gone, dark], Journeys = [Journey("one", "broken", "a")] };

        Assert.Equal(["dark", "a", "gone"], new StepRanking(scope).All.Select(step => step.SubjectName).Take(3));
    }

    [Fact]
    public async Task Rest_ranks_and_names_what_was_probably_meant()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "job"), Reports.Red(1, 10, hub.Now, kind: 3)));

        var steps = await hub.GetAsync<List<StepRow>>("steps?most=2");
        var summary = await hub.GetAsync<Summary>("summary");
        var coverage = await hub.GetAsync<CoverageSummary>("coverage");

        Assert.Equal(2, steps.Count);
        Assert.Equal(summary.Next, steps[0].ToStep());
        Assert.Equal(JsonSerializer.Serialize(steps), JsonSerializer.Serialize(coverage.Next.Take(2)));
        Assert.Equal("Get rate, errors and duration of job", steps[1].Title);
        Assert.Empty(await hub.GetAsync<List<JourneyRow>>("journeys"));
    }

    [Fact]
    public void What_a_break_hides_is_who_is_called_so_where_its_caller_runs()
    {
        ServiceRow At(string name, string environment) => Service(name, 3) with { Id = $"{name}-{environment}", Environment = environment };
        var scope = Scope([At("front", "prod"), At("mail", "prod"), At("mail", "staging")], [Break("x", "context-not-sent", "front-prod", "queue") with { Also = ["mail"] }]);
        var own = new ServiceSteps("").ById([Service("mail", 2)]).Values.Single() with { Rung = 3 };

        var steps = new StepRanking(scope with { Own = new Dictionary<string, StepRow> { ["mail-prod"] = own with { Id = "1", SubjectId = "mail-prod" }, ["mail-staging"] = own with { Id = "2", SubjectId = "mail-staging" } } }).All;

        Assert.Equal(["mail-staging"], steps.Where(step => step.Subject == "service").Select(step => step.SubjectId));
    }

    [Fact]
    public void Two_thousand_services_and_three_hundred_journeys_are_ranked_quickly()
    {
        var estate = Estates.Large(2_000, Now);
        var names = estate.Services.Select(row => row.Id).ToArray();
        var breaks = Enumerable.Range(0, 20_000).Select(i => Break($"b{i}", "context-not-sent", names[i % 2_000], names[(i * 7) % 2_000]) with { Also = [.. Enumerable.Range(0, 10).Select(k => estate.Services[(i + (k * 3)) % 2_000].Name)] });
        var scope = StepScope.Of(estate with { Journeys = NewspaperJourneys.Many(300, Now), Breaks = [.. NewspaperJourneys.Subscribe(Now).Breaks, .. breaks] });
        _ = new StepRanking(scope).Complete(scope.Journeys);
        var took = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var ranking = new StepRanking(scope);
            Assert.NotEmpty(ranking.All);
            Assert.Equal(300, ranking.Complete(scope.Journeys).Count);
            took.Add(Stopwatch.GetElapsedTime(start));
        }

        took.Sort();
        Assert.True(took[2] < TimeSpan.FromSeconds(2), $"ranking took {took[2].TotalMilliseconds:0} ms");
    }

    /// <summary>Services over all rungs, hosts that are dark, journeys over some of them, and breaks between neighbours.</summary>
    private static StepScope Random(int seed)
    {
        var random = new Random(seed);
        string[] languages = ["java", "nodejs", "go", "", "php"];
        var services = Enumerable.Range(0, 14).Select(i =>
        {
            var rung = random.Next(5);
            return Service($"s{i}", rung) with
            {
                Dark = rung == 0, Stale = random.Next(6) == 0, Language = languages[random.Next(languages.Length)], Owner = $"team{random.Next(3)}",
                Criticality = random.Next(4) == 0 ? "high" : "", Red = rung >= 2 ? new RedNow(random.Next(500), 0, null, null, null, "spans", Now) : null,
            };
        }).ToArray();
        string[] codes = ["hop-dark", "context-not-sent", "context-not-continued", "queue-loses-context", "spans-missing", "hop-unseen"];
        var breaks = Enumerable.Range(0, 5).Select(i => Break($"b{i}", codes[random.Next(codes.Length)], $"s{random.Next(14)}", $"s{random.Next(14)}")).ToList();
        var hosts = Enumerable.Range(0, 3).Select(i => new HostRow($"h{i}", $"h{i}", random.Next(2), Stale: false, "", "", Now, null, [], null, 0, 0, 0, "")).ToList();
        var journeys = Enumerable.Range(0, 3).Select(i => Journey($"j{i}", "broken", [.. Enumerable.Range(0, 4).Select(_ => $"s{random.Next(14)}").Distinct()])
            with { Breaks = [.. breaks.Where(_ => random.Next(2) == 0)] }).ToList();
        return Scope(services, breaks) with { Hosts = hosts, Journeys = journeys };
    }

    private static StepScope Scope(IReadOnlyList<ServiceRow> services, IReadOnlyList<BreakRow> breaks) =>
        new([new HostRow("h", "h", 1, Stale: false, "", "", Now, null, [], null, 0, 0, 0, "")], services, [], [], breaks, []);

    private static ServiceRow Service(string name, int rung) => Estates.Service(name, rung, Now) with { Red = null, Dark = false };

    private static BreakRow Break(string id, string code, string from, string to) => new(
        id, code, End(from), End(to), "", $"{from} to {to}", "Cause.", "Evidence.", "Fix it.", "", "", 10, null, [], Now, Now);

    private static HopEnd End(string name) => new(name, name, "service", name);

    private static JourneyRow Journey(string name, string state, params string[] hops) => new(
        name, name, "", state, End(hops.FirstOrDefault() ?? "none"), "GET /", null,
        [.. hops.Select((hop, i) => new HopRow($"{i}", i == 0 ? "" : $"{i - 1}", i, End(hop), "GET /", 2, "live", 1, null, "learnt", "", Now))], [], null, 2, null, Now);
}
