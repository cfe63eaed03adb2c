using System.Text.Json;
using Gantry.Hub.FleetManagement.Collectors;

namespace Gantry.Hub.Tests.FleetManagement;

/// <summary>The calls of docs/alloy.md, as they stand there.</summary>
public sealed class AlloyDocTests
{
    [Fact]
    public async Task The_calls_of_the_page_lead_to_a_collector_that_runs_the_pipeline()
    {
        await using var hub = await HubFixture.StartAsync();
        var client = new ConnectClient(hub.Client);
        var calls = Repository.Read("docs/alloy.md").Split("```json\n").Skip(1).Select(block => block.Split("```")[0].Split('\n', 2)).ToList();
        Assert.Equal(3, calls.Count);

        var answer = default(JsonElement);
        var until = DateTime.UtcNow.AddSeconds(20);
        do
        {
            foreach (var call in calls)
            {
                (var status, answer) = await client.JsonAsync(call[0]["POST /".Length..], call[1]);
                Assert.True(status == 200, $"{call[0]}: {answer}");
            }
        }
        while (!answer.GetProperty("content").GetString()!.Contains("prometheus.exporter.self", StringComparison.Ordinal) && DateTime.UtcNow < until);

        Assert.Contains("prometheus.exporter.self", answer.GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal("offered", (await hub.GetAsync<CollectorRow>("collectors/host-1")).State);
    }

    [Fact]
    public void Every_state_stands_in_the_page()
    {
        var page = Repository.Read("docs/alloy.md");

        Assert.All(CollectorLadder.All, state => Assert.Contains($"| `{state}` |", page, StringComparison.Ordinal));
    }
}
