using System.Diagnostics;
using System.Net.Http.Json;
using Gantry.Estate.Agents;
using Gantry.Hub.Estate;
using Gantry.Hub.Rollouts;
using Gantry.Hub.Tests.Pipelines;
using Gantry.Hub.Ui.Pipelines;

namespace Gantry.Hub.Tests.Ui;

/// <summary>The number that the editor shows while somebody types.</summary>
public class MatchCountTests
{
    private const int Fleet = 100_000;

    [Theory]
    [InlineData("'tier=gold'", 10_000)]
    [InlineData("'host.name=~\"host-0[0-9]+\"'", 100_000)]
    [InlineData("'host.name=~\"host-000.*\"', 'tier!~\"g.*\"'", 900)]
    [InlineData("'group.golden=true'", 10_000)]
    [InlineData("'team=shop', 'host.name!=nobody'", 10_000)]
    [InlineData("'team=\"\"'", 90_000)]
    public async Task Of_a_hundred_thousand_agents_the_editor_counts_those_that_match_within_200_ms(string matchers, int expected)
    {
        await using var hub = await HubFixture.StartAsync();
        Fill(hub);
        (await hub.Client.PostAsJsonAsync("/api/v1/apply", new ApplyRequest([new DocumentFile("all.yaml", string.Join("---\n", Documents.Destination("backend"), Group))]))).EnsureSuccessStatusCode();
        var text = Documents.Simple("edge", matchers: matchers);

        var times = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            var start = Stopwatch.GetTimestamp();
            var verdict = await CheckAsync(hub, text);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Assert.Equal($"It is sound.\nIt matches {expected:N0} agents now.", verdict);
        }

        TestContext.Current.TestOutputHelper!.WriteLine($"{matchers}: {string.Join(", ", times.Select(time => $"{time:0}"))} ms");
        Assert.True(times.Min() < 200, $"{matchers} took {times.Min():0} ms at best.");
    }

    [Fact]
    public async Task The_count_is_what_asking_every_agent_gives()
    {
        await using var hub = await HubFixture.StartAsync();
        (await hub.Client.PostAsJsonAsync("/api/v1/apply", new ApplyRequest([new DocumentFile("all.yaml", Group)]))).EnsureSuccessStatusCode();
        Fill(hub, 3_000);
        var (rows, index, agents) = (hub.Room<PipelineRows>(), hub.Room<NewestRevision>().Index!, hub.Room<IAgentDirectory>().All);

        foreach (var matchers in (string[])["'team=~\"s.*\"'", "'team!=shop', 'tier=tin'", "'group.golden!=true'", "'collector.os=linux', 'host.name=~\".*7\"'", "'collector.ID=\"\"'", "'group.other=\"\"'"])
        {
            var pipeline = Documents.Read<Gantry.Estate.Pipelines.Pipeline>(Documents.Simple("edge", matchers: matchers));
            Assert.Equal((matchers, agents.Count(agent => agent.Kind == pipeline.Kind && index.AttributesOf(agent).Satisfy(pipeline.Matchers))), (matchers, rows.Matching(pipeline)));
        }
    }

    private const string Group = """
        apiVersion: gantry/v1
        kind: AgentGroup
        metadata: {name: golden}
        spec:
          matchers: ['tier=gold']
          attributes: {team: shop}

        """;

    private static void Fill(HubFixture hub, int count = Fleet)
    {
        var directory = hub.Room<AskedAgents>();
        for (var i = 0; i < count; i++)
        {
            directory.Add(new AgentFacts($"id-{i}", $"host-{i:D6}", AgentKind.Collector, new Dictionary<string, string>
            {
                ["host.name"] = $"host-{i:D6}", ["os.type"] = "linux", ["service.version"] = "0.155.0", ["tier"] = i % 10 == 0 ? "gold" : "tin",
            }));
        }
    }

    private static async Task<string> CheckAsync(HubFixture hub, string document)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/pipelines/_new/check")
        {
            Content = new FormUrlEncodedContent([new("document", document), new("version", "0"), new("do", "check")]),
        };
        request.Headers.Add("Origin", hub.Client.BaseAddress!.GetLeftPart(UriPartial.Authority));
        using var response = await hub.Client.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}
