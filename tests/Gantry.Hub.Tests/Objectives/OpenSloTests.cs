using Gantry.Estate.Journeys;
using Gantry.Estate.Red;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;
using Gantry.Hub.Objectives.OpenSlo;
using Gantry.Hub.Tests.Pipelines;

namespace Gantry.Hub.Tests.Objectives;

public class OpenSloTests
{
    [Fact]
    public void What_is_exported_comes_back_equal()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var journey = Random(random);

            var text = OpenSloWriter.Write(journey);
            var import = OpenSloReader.Read([("f.yaml", text)]);

            Assert.True(import.Problems.Count == 0, string.Join('\n', import.Problems) + text);
            Same(journey, Assert.Single(import.Journeys).Journey!);
            Same(journey, Documents.Read<Journey>(import.Journeys[0].Document));
        }
    }

    [Fact]
    public void An_export_has_the_ratio_and_an_alert_for_each_burn_rate_in_the_specification_s_words()
    {
        var journey = Documents.Read<Journey>(Documents.Head("Journey", "purchase") + """
              entry: {service: storefront, operation: POST /purchase, namespace: shop}
              objectives:
              - {name: available, indicator: errors, target: 99.5%, window: 30d}
              - {name: fast, indicator: duration, threshold: 1s, target: 95%, window: 30d, service: stock}

            """);

        var objects = ResourceText.Nodes(OpenSloWriter.Write(journey), new ResourceProblems("f")).Select(root => new OpenSloObject(root, OpenSloObject.TextOf(root, "kind"), new ResourceProblems("f"))).ToList();

        Assert.All(objects, item => Assert.Equal("openslo/v1", item.Text("apiVersion")));
        Assert.Equal(["AlertPolicy 8", "SLO 2", "Service 1"], objects.GroupBy(item => item.Kind).Select(group => $"{group.Key} {group.Count()}").Order(StringComparer.Ordinal));
        var slos = objects.Where(item => item.Kind == "SLO").ToList();
        Assert.Equal(
            [
                "sum(traces_span_metrics_calls_total{service_name=\"storefront\",service_namespace=\"shop\",span_name=\"POST /purchase\",span_kind=~\"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER\",status_code!=\"STATUS_CODE_ERROR\"})",
                "sum(traces_span_metrics_calls_total{service_name=\"storefront\",service_namespace=\"shop\",span_name=\"POST /purchase\",span_kind=~\"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER\"})",
                "sum(traces_span_metrics_duration_seconds_bucket{service_name=\"stock\",service_namespace=\"shop\",span_kind=~\"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER\",le=\"1.0\"})",
                "sum(traces_span_metrics_duration_seconds_count{service_name=\"stock\",service_namespace=\"shop\",span_kind=~\"SPAN_KIND_SERVER|SPAN_KIND_CONSUMER\"})",
            ],
            slos.SelectMany(SloMapping.Queries));
        Assert.All(slos, slo => Assert.Equal(("purchase", "Occurrences"), (slo.Text("spec", "service"), slo.Text("spec", "budgetingMethod"))));
        var policies = objects.Where(item => item.Kind == "AlertPolicy").ToDictionary(item => item.Name);
        var conditions = ((ListNode)slos[0].Find("spec", "alertPolicies")!).Items.Select(item => ((ListNode)policies[OpenSloObject.TextOf(item, "alertPolicyRef")].Find("spec", "conditions")!).Items[0]).ToList();
        Assert.Equal(
            ["page 14.4 1h", "page 6 6h", "ticket 3 1d", "ticket 1 3d"],
            conditions.Select(item => $"{OpenSloObject.TextOf(item, "spec", "severity")} {OpenSloObject.TextOf(item, "spec", "condition", "threshold")} {OpenSloObject.TextOf(item, "spec", "condition", "lookbackWindow")}"));
        Assert.All(objects, item => Assert.Matches("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", item.Name));
    }

    [Fact]
    public void Of_what_others_wrote_that_is_taken_that_means_the_same_and_the_rest_is_named_with_why()
    {
        var import = OpenSloReader.Read([("slos.yaml", Foreign)], "purchase", OpenSloReader.ParseEntry("storefront/POST /purchase"));

        var journey = Assert.Single(import.Journeys).Journey!;
        Assert.Equal(("purchase", "The shop", new JourneyEntry("storefront", "", "", "POST /purchase")), (journey.Name, journey.Title, journey.Entry));
        Assert.Equal(
            [
                new Objective("errors-1", "", ObjectiveIndicator.Errors, 0.98, TimeSpan.FromDays(28), TimeSpan.Zero),
                new Objective("errors-2", "", ObjectiveIndicator.Errors, 0.9999, TimeSpan.FromDays(28), TimeSpan.Zero),
                new Objective("latency", "", ObjectiveIndicator.Duration, 0.9, TimeSpan.FromDays(1), TimeSpan.FromMilliseconds(250)),
            ],
            journey.Objectives);
        foreach (var (what, why) in ((string, string)[])
            [
                ("SLO errors", "its own query (sum(http_requests_total{code!~\"5..\"})) is not asked"),
                ("SLO latency", "is taken for requests that take at most 250ms"),
                ("SLO odd-bound spec.indicator", "300ms is no bound"),
                ("SLO slices spec.budgetingMethod", "slices of time"),
                ("SLO month spec.timeWindow (1M)", "not of one length"),
                ("SLO calendar spec.timeWindow (7d)", "only rolling ones"),
                ("SLO threshold spec.indicator", "a thresholdMetric is a value over time"),
                ("SLO raw spec.indicator", "a raw ratio"),
                ("SLO missing spec.indicator", "not in these files"),
                ("SLO certain spec.objectives[0]", "not above 0 and below 1"),
                ("DataSource prom", "asks no other source"),
                ("AlertNotificationTarget pager", "notifies nobody"),
                ("AlertPolicy wake-up", "itself"),
            ])
        {
            Assert.Contains(import.Problems, problem => problem.Field.StartsWith(what, StringComparison.Ordinal) && problem.Message.Contains(why, StringComparison.Ordinal) && problem is { Severity: "warning", File: "slos.yaml", Line: > 1 });
        }
    }

    [Theory]
    [InlineData("apiVersion: openslo/v1alpha\nkind: SLO\n", "apiVersion", "expected openslo/v1")]
    [InlineData("apiVersion: openslo/v1\nkind: Budget\n", "kind", "expected SLO, SLI")]
    [InlineData("a: [", "", "is neither YAML nor JSON")]
    [InlineData("a: &x b\nc: *x\n", "", "")]
    public void What_is_no_OpenSLO_is_refused(string text, string field, string words)
    {
        var import = OpenSloReader.Read([("f.yaml", text)]);

        Assert.Empty(import.Journeys);
        Assert.Contains(import.Problems, problem => problem.Severity == "error" && problem.Field == field && problem.Message.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_API_exports_what_is_declared_and_says_what_an_import_would_be()
    {
        await using var hub = await HubFixture.StartAsync();
        using var content = new StringContent(Documents.Head("Journey", "purchase") + "  entry: {service: storefront}\n  objectives: [{name: up, indicator: errors, target: 99%, window: 28d}]\n");
        (await hub.Client.PutAsync("/api/v1/resources/journeys/purchase", content)).EnsureSuccessStatusCode();

        var text = await hub.Client.GetStringAsync("/api/v1/journeys/purchase/openslo");
        using var again = new StringContent(text, System.Text.Encoding.UTF8, "application/yaml");
        using var answer = await hub.Client.PostAsync("/api/v1/openslo", again);
        using var none = await hub.Client.GetAsync("/api/v1/journeys/other/openslo");

        Assert.StartsWith("apiVersion: openslo/v1\nkind: Service\n", text, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"purchase\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, none.StatusCode);
    }

    private const string Foreign = """
        apiVersion: openslo/v1
        kind: Service
        metadata: {name: shop, displayName: The shop}
        ---
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: errors}
        spec:
          service: shop
          indicatorRef: codes
          timeWindow: [{duration: 4w, isRolling: true}]
          budgetingMethod: Occurrences
          objectives: [{target: 0.98}, {targetPercent: 99.99}]
        ---
        apiVersion: openslo/v1
        kind: SLI
        metadata: {name: codes}
        spec:
          ratioMetric:
            counter: true
            good: {metricSource: {type: Prometheus, spec: {query: 'sum(http_requests_total{code!~"5.."})'}}}
            total: {metricSource: {type: Prometheus, spec: {query: sum(http_requests_total)}}}
        ---
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: latency}
        spec:
          service: shop
          indicator: {metadata: {name: l}, spec: {ratioMetric: {counter: true, good: {metricSource: {spec: {query: 'sum(rate(http_request_duration_seconds_bucket{le="0.25"}[5m]))'}}}, total: {metricSource: {spec: {query: q}}}}}}
          timeWindow: [{duration: 1d, isRolling: true}]
          budgetingMethod: Occurrences
          objectives: [{target: 0.9}]
        ---
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: odd-bound}
        spec: {service: shop, indicator: {spec: {ratioMetric: {good: {metricSource: {spec: {query: 'x_bucket{le="0.3"}'}}}, total: {metricSource: {spec: {query: q}}}}}}, timeWindow: [{duration: 1d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.9}]}
        ---
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: slices}
        spec: {service: shop, timeWindow: [{duration: 1d, isRolling: true}], budgetingMethod: Timeslices, objectives: [{target: 0.9}]}
        ---
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: month}
        spec: {service: shop, timeWindow: [{duration: 1M, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.9}]}
        ---
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: calendar}
        spec: {service: shop, timeWindow: [{duration: 7d, calendar: {startTime: 2020-01-21 12:30:00, timeZone: Europe/Zurich}}], budgetingMethod: Occurrences, objectives: [{target: 0.9}]}
        ---
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: threshold}
        spec: {service: shop, indicator: {spec: {thresholdMetric: {metricSource: {type: Redshift}}}}, timeWindow: [{duration: 7d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{op: lte, value: 1, target: 0.9}]}
        ---
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: raw}
        spec: {service: shop, indicator: {spec: {ratioMetric: {rawType: success, raw: {metricSource: {type: Prometheus}}}}}, timeWindow: [{duration: 7d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.9}]}
        ---
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: missing}
        spec: {service: shop, indicatorRef: nowhere, timeWindow: [{duration: 7d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 0.9}]}
        ---
        apiVersion: openslo/v1
        kind: SLO
        metadata: {name: certain}
        spec: {service: shop, indicatorRef: codes, timeWindow: [{duration: 7d, isRolling: true}], budgetingMethod: Occurrences, objectives: [{target: 1.0}]}
        ---
        apiVersion: openslo/v1
        kind: DataSource
        metadata: {name: prom}
        spec: {type: Prometheus}
        ---
        apiVersion: openslo/v1
        kind: AlertNotificationTarget
        metadata: {name: pager}
        spec: {target: email}
        ---
        apiVersion: openslo/v1
        kind: AlertPolicy
        metadata: {name: wake-up}
        spec: {conditions: [{conditionRef: fast}], notificationTargets: [{targetRef: pager}]}

        """;

    private static void Same(Journey expected, Journey actual)
    {
        Assert.Equal(expected.Objectives, actual.Objectives);
        Assert.Equal(expected.Hops, actual.Hops);
        Assert.Equal((expected.Name, expected.Title, expected.Owner, expected.Description, expected.Entry), (actual.Name, actual.Title, actual.Owner, actual.Description, actual.Entry));
    }

    private static Journey Random(Random random)
    {
        string Text(int most) => string.Concat(Enumerable.Range(0, random.Next(1, most)).Select(_ => "ab cÄ\"\\'{}:#%-/😀&*!|>"[random.Next(20)..][..1]).Where(part => !char.IsSurrogate(part[0]))) is { Length: > 0 } text ? text : "x";
        string Name() => new([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => "abcxyz019"[random.Next(9)]), .. random.Next(3) == 0 ? ".z" : "", .. random.Next(3) == 0 ? "-9" : ""]);
        var entry = new JourneyEntry(Text(20), random.Next(2) == 0 ? Text(9) : "", random.Next(2) == 0 ? Text(9) : "", random.Next(2) == 0 ? Text(30) : "");
        var hops = Enumerable.Range(0, random.Next(4)).Select(i => new ExpectedHop($"hop{i}{Text(6)}", random.Next(2) == 0 ? entry.Service : "", random.Next(3) == 0 ? Text(9) : "", random.Next(2) == 0)).DistinctBy(hop => hop.Service).ToList();
        var objectives = Enumerable.Range(0, random.Next(6)).Select(_ =>
        {
            var isDuration = random.Next(2) == 0;
            var window = random.Next(3) switch { 0 => TimeSpan.FromDays(random.Next(1, 91)), 1 => TimeSpan.FromHours(random.Next(1, 2161)), _ => TimeSpan.FromMinutes(random.Next(60, 129_601)) };
            return new Objective(
                Name(), random.Next(2) == 0 && hops.Count > 0 ? hops[0].Service : "", isDuration ? ObjectiveIndicator.Duration : ObjectiveIndicator.Errors, (double)(random.Next(1, 1_000_000) / 1_000_000m), window,
                isDuration ? TimeSpan.FromTicks((long)DurationBuckets.BoundsNano[random.Next(DurationBuckets.BoundsNano.Length)] / 100) : TimeSpan.Zero);
        }).DistinctBy(objective => objective.Name).ToList();
        return new Journey(Name(), Text(30), random.Next(2) == 0 ? Text(9) : "", entry, hops, objectives) { Description = random.Next(3) switch { 0 => "", 1 => Text(60), _ => string.Concat(Enumerable.Repeat("long and\n😀 longer ", 80)) } };
    }
}
