using System.Net.Http.Json;
using System.Text;
using Gantry.Estate.Agents;
using Gantry.Estate.Configurations;
using Gantry.Estate.Resources;
using Gantry.Hub.Compile;
using Gantry.Hub.Estate;
using Gantry.Hub.Rollouts;

namespace Gantry.Hub.Tests.Configurations;

/// <summary>
/// The bytes that agents have today, in <c>Golden</c>. An agent compares hashes: one byte that differs is a restart of every agent of every fleet, at the next upgrade of its hub,
/// without anybody having declared anything. So if one of these fails:
/// <list type="number">
/// <item>it was not meant: mend the compiler;</item>
/// <item>what agents run today is wrong, and must change: run this class with GANTRY_UPDATE_CONTRACTS=1, read the difference as the operator of 100,000 agents would, and name in
/// CHANGELOG.md which agents get a new configuration with the upgrade, and why;</item>
/// <item>something was added to <c>estate.yaml</c>: the same, and only files of what was added may differ.</item>
/// </list>
/// </summary>
public class GoldenTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Gantry.Hub.Tests", "Configurations", "Golden");

    private static readonly string[] Texts = File.ReadAllText(Path.Combine(Folder, "estate.yaml")).Split("---\n");

    private static readonly AgentFacts[] Agents =
    [
        Agent("otelcol", AgentKind.Collector, ("host.name", "edge-1"), ("service.version", "0.130.0")),
        Agent("otelcol-new-names", AgentKind.Collector, ("host.name", "edge-1"), ("service.version", "0.150.0")),
        Agent("otelcol-one", AgentKind.Collector, ("tier", "edge")),
        Agent("otelcol-nothing", AgentKind.Collector),
        Agent("alloy", AgentKind.Alloy, ("host.name", "edge-1"), ("team", "sh\"op")),
        Agent("alloy-one", AgentKind.Alloy, ("tier", "edge")),
        Agent("alloy-nothing", AgentKind.Alloy),
        Agent("obi", AgentKind.Gantry, ("tier", "edge")),
        Agent("obi-nothing", AgentKind.Gantry),
        Agent("sdk", AgentKind.Sdk, ("tier", "edge")),
        Agent("sdk-nothing", AgentKind.Sdk),
    ];

    public static TheoryData<string> Names => [.. Agents.Select(agent => agent.Id)];

    [Theory, MemberData(nameof(Names))]
    public void An_estate_gives_the_bytes_that_it_gave_before(string name)
    {
        var index = Index(Texts);
        var compiled = new ConfigCache().Get(index, index.CohortOf(Agents.Single(agent => agent.Id == name)));
        Assert.Empty(compiled.Problems);
        // The name of the cohort too: its history goes by it.
        var identity = new ConfigFile("identity", "", Encoding.UTF8.GetBytes($"cohort {compiled.Cohort.Name}\nhash {compiled.Config.Hash}\n"));

        foreach (var file in compiled.Config.Files.Append(identity))
        {
            var path = Path.Combine(Folder, $"{name}{(file.Name.Length > 0 ? "." + file.Name : "")}.txt");
            if (Environment.GetEnvironmentVariable("GANTRY_UPDATE_CONTRACTS") == "1")
            {
                File.WriteAllBytes(path, file.Body.Span);
            }

            Assert.True(File.Exists(path), $"{path}: there is no such file; write it with GANTRY_UPDATE_CONTRACTS=1");
            Assert.Equal(File.ReadAllText(path), Encoding.UTF8.GetString(file.Body.Span));
            Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(file.Body.Span), $"{path}: other bytes");
        }
    }

    [Fact]
    public void Files_that_no_agent_has_are_gone() => Assert.All(
        Directory.EnumerateFiles(Folder, "*.txt"), path => Assert.Contains(Agents, agent => agent.Id == Path.GetFileName(path).Split('.')[0]));

    [Fact]
    public void Neither_order_nor_versions_nor_generations_of_declarations_are_in_the_bytes()
    {
        var expected = Hashes(Index(Texts));
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var shuffled = Texts.ToArray();
            random.Shuffle(shuffled);

            Assert.Equal(expected, Hashes(Index(shuffled, random)));
        }
    }

    [Fact]
    public async Task Nodes_on_which_the_same_was_declared_in_another_order_give_the_same_bytes()
    {
        await using var first = await HubFixture.StartAsync();
        await using var second = await HubFixture.StartAsync();
        await ApplyAsync(first, Texts);
        // One at a time, backwards where nothing is needed first, some twice, one that comes and goes.
        await ApplyAsync(second, Texts[0]);
        await ApplyAsync(second, Texts[1]);
        await ApplyAsync(second, Pipelines.Documents.Sdk("gone", "{log_level: error}", "tier=edge"));
        await ApplyAsync(second, [Texts[5], Texts[6]]);
        foreach (var document in Texts.Reverse().Where(document => document != Texts[5] && document != Texts[6]))
        {
            await ApplyAsync(second, document + "# again\n");
            await ApplyAsync(second, document);
        }

        (await second.Client.DeleteAsync("/api/v1/resources/pipelines/gone")).EnsureSuccessStatusCode();

        foreach (var agent in Agents)
        {
            var (a, b) = (first.Room<IAssignments>().Of(agent)!, second.Room<IAssignments>().Of(agent)!);
            Assert.Equal((a.Cohort, a.Config.Hash), (b.Cohort, b.Config.Hash));
        }
    }

    private static string[] Hashes(EstateIndex index) => [.. Agents.Select(agent => new ConfigCache().Get(index, index.CohortOf(agent))).Select(compiled => $"{compiled.Cohort.Name} {compiled.Config.Hash}")];

    private static EstateIndex Index(IEnumerable<string> documents, Random? random = null)
    {
        var version = 0;
        return new EstateIndex(EstateContent.Of(
            documents.Select(text =>
            {
                var problems = new ResourceProblems("estate.yaml");
                var document = ResourceText.Read(text, problems) is [var only] ? only : throw new InvalidOperationException(string.Join('\n', problems.All));
                return new StoredResource(document.Kind, document.Name, document, text, random?.Next(1, 9) ?? 1, ++version, $"{random?.Next()}", default, default, "");
            }), version));
    }

    private static AgentFacts Agent(string id, AgentKind kind, params (string Name, string Value)[] attributes) =>
        new(id, $"name-{id}", kind, attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value));

    private static async Task ApplyAsync(HubFixture hub, params string[] documents)
    {
        using var response = await hub.Client.PostAsJsonAsync("/api/v1/apply", new ApplyRequest([.. documents.Select((text, i) => new DocumentFile($"{i}.yaml", text))]));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }
}
