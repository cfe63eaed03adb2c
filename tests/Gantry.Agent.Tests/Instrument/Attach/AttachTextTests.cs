using Gantry.Agent.Boot.Verbs;
using Gantry.Agent.Instrument.Attach;
using Gantry.Agent.Instrument.Attach.Meters;
using Gantry.Agent.Instrument.Attach.Spans;
using Gantry.Estate.Red;

namespace Gantry.Agent.Tests.Instrument.Attach;

public sealed class AttachTextTests
{
    [Theory]
    [InlineData("http.request.method=GET,http.route=/items/{id}", "http.request.method=GET|http.route=/items/{id}")]
    [InlineData("http.route={controller=Home}/{action=Index}/{id?},url.scheme=http", "http.route={controller=Home}/{action=Index}/{id?}|url.scheme=http")]
    [InlineData("http.route=/a/{id:regex(^a,b$)},url.scheme=http", "http.route=/a/{id:regex(^a,b$)}|url.scheme=http")]
    [InlineData("", "")]
    [InlineData("nonsense", "")]
    public void Attributes_are_told_apart(string text, string expected)
    {
        var found = new List<string>();
        var tags = new TagText(text);
        while (tags.Next())
        {
            found.Add($"{tags.Key}={tags.Value}");
        }

        Assert.Equal(expected, string.Join('|', found));
    }

    [Theory]
    [InlineData("/items/42", "[id, 42]", "/items/{id}")]
    [InlineData("/items/new", "", "/items/new")]
    [InlineData("/items", "", null)]
    [InlineData("/items/42/parts", "[id, 42]", null)]
    [InlineData("/shop/books/a/b", "[category, books],[rest, a/b]", "/shop/{category}/{**rest}")]
    [InlineData("/", "[controller, Home],[action, Index]", "{controller=Home}/{action=Index}/{id?}")]
    [InlineData("/Cart/Show/7", "[controller, Cart],[action, Show],[id, 7]", "{controller=Home}/{action=Index}/{id?}")]
    [InlineData("/nowhere", "", null)]
    [InlineData("/status/404", "[code, 404]", "/status/{code:int}")]
    public void A_path_and_its_values_find_their_route(string path, string values, string? expected)
    {
        var routes = new RouteTable();
        foreach (var route in new[] { "/items/{id}", "/items/new", "/shop/{category}/{**rest}", "{controller=Home}/{action=Index}/{id?}", "/status/{code:int}" })
        {
            routes.Add("GET", route);
        }

        Assert.Equal(expected, routes.Find("GET", path, values));
        Assert.Null(routes.Find("POST", path, values));
    }

    [Theory]
    [InlineData("http://shop.example/items/7?token=hunter2", "http://shop.example/items/7")]
    [InlineData("https://anna:hunter2@shop.example:8443/a@b#x", "https://shop.example:8443/a@b")]
    [InlineData("http://shop.example", "http://shop.example")]
    [InlineData("nonsense", "nonsense")]
    public void A_url_loses_its_secrets(string url, string expected) => Assert.Equal(expected, SpanWriter.WithoutSecrets(url).ToString());

    [Fact]
    public void Counts_in_buckets_always_add_up_and_lie_near_the_truth()
    {
        var random = new Random(42);
        var worst = 0.0;
        for (var round = 0; round < 200; round++)
        {
            // Log-normal durations around 20 ms, as services have.
            var count = random.Next(1, 2000);
            var values = Enumerable.Range(0, count).Select(_ => 0.02 * Math.Exp(0.8 * Gauss(random))).Order().ToArray();
            double At(double quantile) => values[Math.Max(1, (int)(quantile * count)) - 1];
            var buckets = new ulong[DurationBuckets.Count];
            QuantileSpread.Add(buckets, count, values.Sum(), new Quantiles(At(0.5), At(0.95), At(0.99)));

            var truth = new ulong[DurationBuckets.Count];
            Array.ForEach(values, value => truth[DurationBuckets.IndexOf((ulong)(value * 1e9))]++);
            Assert.Equal((ulong)count, buckets.Aggregate(0UL, (a, b) => a + b));
            if (count > 500)
            {
                var (p95, real) = (DurationBuckets.Quantile(buckets, 0.95)!.Value, DurationBuckets.Quantile(truth, 0.95)!.Value);
                worst = Math.Max(worst, Math.Abs(p95 - real) / real);
            }
        }

        // Buckets are 2.5 times as wide as their lower bound: within one, nothing is exact.
        Assert.InRange(worst, 0, 0.15);
    }

    [Theory]
    [InlineData(1, 0.003)]
    [InlineData(2, 0.3)]
    [InlineData(3, 20)]
    public void A_few_equal_values_lie_in_their_bucket(int count, double seconds)
    {
        var buckets = new ulong[DurationBuckets.Count];

        QuantileSpread.Add(buckets, count, count * seconds, new Quantiles(seconds, seconds, seconds));

        Assert.Equal((ulong)count, buckets[DurationBuckets.IndexOf((ulong)(seconds * 1e9))]);
    }

    [Fact]
    public void Quantiles_are_read_in_the_language_of_the_process()
    {
        Assert.Equal(new Quantiles(0.5, 1.5, 2), Quantiles.Parse("0.5=0.5;0.95=1.5;0.99=2"));
        Assert.Equal(new Quantiles(0.5, 1.5, 2), Quantiles.Parse("0,5=0,5;0,95=1,5;0,99=2"));
        Assert.Equal(default, Quantiles.Parse(""));
    }

    [Theory]
    [InlineData("attach")]
    [InlineData("attach", "shop")]
    [InlineData("attach", "4711", "--for", "soon")]
    [InlineData("attach", "4711", "--gateway", "nowhere")]
    [InlineData("attach", "4711", "--colour", "red")]
    public async Task A_wrong_command_line_is_told_and_ends_with_1(params string[] arguments)
    {
        using var error = new StringWriter();

        var code = await AgentVerbs.RunAsync(new VerbConsole(TextWriter.Null, error, TimeProvider.System), arguments, TestContext.Current.CancellationToken);

        Assert.Equal(1, code);
        Assert.StartsWith("gantry-agent: ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_and_the_help_name_the_same_options()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "attach.md"));
        var options = System.Text.RegularExpressions.Regex.Matches(AttachVerb.Help, "--[a-z-]+").Select(match => match.Value).Distinct().ToList();

        Assert.Equal(["--for", "--gateway", "--metrics-only", "--proc", "--service"], options.Order(StringComparer.Ordinal));
        Assert.All(options, option => Assert.Contains($"`{option}", page, StringComparison.Ordinal));
        Assert.Contains("gantry-agent attach 4711 --for 1m", AttachVerb.Help, StringComparison.Ordinal);
        Assert.Contains("gantry-agent attach 4711 --for 1m", page, StringComparison.Ordinal);
        Assert.All(MeterArguments.Meters, meter => Assert.Contains(meter.Replace("Microsoft.AspNetCore", "", StringComparison.Ordinal), page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_verb_attaches_tells_and_detaches()
    {
        using var service = await AttachedService.StartAsync();
        await using var sink = await OtlpSink.StartAsync();
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await AgentVerbs.RunAsync(
            new VerbConsole(output, TextWriter.Synchronized(error), TimeProvider.System),
            ["attach", $"{service.Pid}", "--for", "4s", "--gateway", $"{sink.Address}", "--service", "by-hand"],
            TestContext.Current.CancellationToken);

        Assert.Equal((0, ""), (code, code == 0 ? "" : error.ToString()));
        Assert.StartsWith($"detached from {service.Pid}: ", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("loaded", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(sink.Requests, item => item.Path == "/v1/metrics");
    }

    private static double Gauss(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
