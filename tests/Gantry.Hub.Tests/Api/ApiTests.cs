using System.Net;
using System.Text.Json;
using Gantry.Hub.Coverage;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Api;

public class ApiTests
{
    [Theory]
    [InlineData("/api/v1/hosts/nope", HttpStatusCode.NotFound, "no host \"nope\"")]
    [InlineData("/api/v1/edges?service=nope", HttpStatusCode.NotFound, "no service \"nope\"")]
    [InlineData("/api/v1/findings?service=nope", HttpStatusCode.NotFound, "no service \"nope\"")]
    [InlineData("/api/v1/edges?name=nope", HttpStatusCode.NotFound, "no edge \"nope\"")]
    [InlineData("/api/v1/findings?name=nope", HttpStatusCode.NotFound, "no finding \"nope\"")]
    [InlineData("/api/v1/scores?name=nope", HttpStatusCode.NotFound, "no score \"nope\"")]
    [InlineData("/api/v1/regressions?name=nope", HttpStatusCode.NotFound, "no regression \"nope\"")]
    [InlineData("/api/v1/services/nope", HttpStatusCode.NotFound, "no service \"nope\"")]
    [InlineData("/api/v1/services/x/red?minutes=0", HttpStatusCode.BadRequest, "minutes=0: expected 1 to 1440")]
    public async Task Errors_name_the_value_and_the_way_out(string path, HttpStatusCode status, string detail)
    {
        await using var hub = await HubFixture.StartAsync();

        using var response = await hub.Client.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Contains(detail, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_estate_has_one_next_step()
    {
        await using var hub = await HubFixture.StartAsync();

        var summary = await hub.GetAsync<Summary>("summary");

        Assert.Equal("See the first host", summary.Next.Title);
        Assert.Equal([0, 0], summary.HostRungs);
        Assert.Equal([0, 0, 0, 0, 0], summary.ServiceRungs);
    }

    [Fact]
    public async Task A_gateway_whose_destination_is_away_needs_attention()
    {
        await using var hub = await HubFixture.StartAsync();
        var batch = Reports.Batch(1, full: true);
        (batch.ForwardProblem, batch.ForwardProblemUnixNano) = ("http://backend:4318: the destination answered 401", hub.Now);
        await hub.ReportAsync(batch);

        var attention = Assert.Single((await hub.GetAsync<Summary>("summary")).Attention);

        Assert.Equal("high", attention.Severity);
        Assert.Contains("answered 401", attention.Detail, StringComparison.Ordinal);
        await hub.ReportAsync(Reports.Batch(2));
        Assert.Empty((await hub.GetAsync<Summary>("summary")).Attention);
    }

    [Fact]
    public async Task Requests_of_a_service_without_spans_are_counted_from_its_metrics_and_now_is_not_an_hour_ago()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "api"), Reports.Red(1, 60, hub.Now, source: Gantry.Protocol.Observations.RedSource.Metrics)));

        var api = await hub.GetAsync<ServiceRow>("services/api");
        hub.Time.Advance(TimeSpan.FromMinutes(2));
        var later = await hub.GetAsync<ServiceRow>("services/api");

        Assert.Equal((60UL, 1.0), (api.Requests, Math.Round(api.Red!.Rate, 3)));
        Assert.Null(later.Red);
        Assert.Equal(2, later.Rung);
    }

    [Fact]
    public async Task Edges_and_findings_are_asked_for_by_service_and_stand_in_its_detail()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "web"), Reports.Service(2, "cart"), Reports.Service(3, "stock"), Reports.Red(3, 1, hub.Now),
            Reports.Edge(1, 1, hub.Now, PeerType.Service, "cart"), Reports.Edge(2, 1, hub.Now, PeerType.Service, "stock"), Reports.Edge(2, 1, hub.Now, PeerType.Database, "db", "mysql"),
            Reports.Finding(1, FindingCodes.ClockAhead, 1, hub.Now), Reports.Finding(2, FindingCodes.ClockAhead, 1, hub.Now)));

        var cart = await hub.GetAsync<EdgeRow[]>("edges?service=cart");
        var detail = await hub.GetAsync<JsonElement>($"services/{(await hub.GetAsync<ServiceRow>("services/cart")).Id}");

        Assert.Equal(["mysql db", "stock", "cart"], cart.Select(edge => edge.Callee.Name));
        Assert.Equal(["cart", "web"], (await hub.GetAsync<FindingRow[]>("findings")).Select(finding => finding.Service).Order());
        Assert.Equal("web", Assert.Single(await hub.GetAsync<FindingRow[]>("findings?service=web")).Service);
        Assert.Equal("web", Assert.Single(await hub.GetAsync<FindingRow[]>("findings?name=web")).Service);
        Assert.Equal(2, (await hub.GetAsync<FindingRow[]>($"findings?name={FindingCodes.ClockAhead}")).Length);
        Assert.Equal("cart", Assert.Single(await hub.GetAsync<EdgeRow[]>("edges?name=mysql+db")).Caller.Name);
        Assert.Equal("cart", detail.GetProperty("name").GetString());
        Assert.Equal((2, 1, 1), (detail.GetProperty("calls").GetArrayLength(), detail.GetProperty("calledBy").GetArrayLength(), detail.GetProperty("findings").GetArrayLength()));
    }

    [Fact]
    public async Task A_report_that_is_none_is_refused()
    {
        await using var hub = await HubFixture.StartAsync();
        using var text = new StringContent("hello");
        using var garbage = new ByteArrayContent([0x0A, 0x7F]);
        garbage.Headers.ContentType = new("application/x-protobuf");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await hub.Client.PostAsync("/api/v1/observations", text)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await hub.Client.PostAsync("/api/v1/observations", garbage)).StatusCode);
    }

    [Theory]
    [InlineData("evil.example", null)]
    [InlineData("127.0.0.1.evil.example", null)]
    [InlineData(null, "https://evil.example")]
    public async Task Foreign_names_and_origins_are_refused(string? host, string? origin)
    {
        await using var hub = await HubFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/summary");
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await hub.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task The_contract_is_the_one_in_docs()
    {
        await using var hub = await HubFixture.StartAsync();
        var served = Normalise(await hub.Client.GetStringAsync("/openapi/v1.json"));
        var file = Path.Combine(Repository.Root, "docs", "contracts", "openapi.json");
        if (Environment.GetEnvironmentVariable("GANTRY_UPDATE_CONTRACTS") == "1")
        {
            await File.WriteAllTextAsync(file, served);
        }

        Assert.Equal(await File.ReadAllTextAsync(file), served);
    }

    private static string Normalise(string json)
    {
        using var document = JsonDocument.Parse(json);
        var node = System.Text.Json.Nodes.JsonObject.Create(document.RootElement)!;
        // The address of the test's own server is no part of the contract.
        node.Remove("servers");
        return node.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }
}
