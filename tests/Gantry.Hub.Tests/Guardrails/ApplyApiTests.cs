using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Gantry.Estate.Agents;
using Gantry.Hub.Estate;
using Gantry.Hub.Rollouts;
using Gantry.Hub.Tests.Pipelines;

namespace Gantry.Hub.Tests.Guardrails;

public class ApplyApiTests
{
    [Fact]
    public async Task Several_documents_are_applied_together_or_not_at_all()
    {
        await using var hub = await HubFixture.StartAsync();

        var wrong = await ApplyAsync(hub, HttpStatusCode.BadRequest, Documents.Destination("backend"), Documents.Simple("edge", destination: "gone"));
        var nothing = await hub.Client.GetStringAsync("/api/v1/resources");
        // A pipeline may come before what it names.
        var right = await ApplyAsync(hub, HttpStatusCode.OK, Documents.Simple("edge"), Documents.Destination("backend"));

        Assert.False(wrong.Applied);
        var problem = Assert.Single(wrong.Problems);
        Assert.Equal(("1.yaml", 15, "gone", "error"), (problem.File, problem.Line, problem.Value, problem.Severity));
        Assert.Contains("there is no such Destination; there are backend", problem.Message, StringComparison.Ordinal);
        Assert.Equal("[]", nothing);
        Assert.Equal((true, "created,created"), (right.Applied, string.Join(',', right.Changes.Select(change => change.Result))));
    }

    [Fact]
    public async Task Validate_says_the_same_of_files_and_of_one_text_and_changes_nothing()
    {
        await using var hub = await HubFixture.StartAsync();
        var text = Documents.Simple("edge", destination: "gone") + "---\n" + Documents.Destination("backend", "nowhere");
        using var body = new StringContent(text, new MediaTypeHeaderValue("application/yaml"));

        var byText = await (await hub.Client.PostAsync("/api/v1/validate?file=all.yaml", body)).Content.ReadFromJsonAsync<ApplyAnswer>();
        var byFiles = await (await hub.Client.PostAsJsonAsync("/api/v1/validate", new ApplyRequest([new DocumentFile("all.yaml", text)]))).Content.ReadFromJsonAsync<ApplyAnswer>();
        var sound = await (await hub.Client.PostAsJsonAsync("/api/v1/validate", new ApplyRequest([new DocumentFile("d.yaml", Documents.Destination("backend"))]))).Content.ReadFromJsonAsync<ApplyAnswer>();

        Assert.Equal("all.yaml:22:13: spec.endpoint 'nowhere': expected a URL such as https://otel.example:4318 (/v1/traces and so on are added by the agent)", Assert.Single(byText!.Problems).ToString());
        Assert.Equivalent(byText, byFiles);
        Assert.Equal((false, "created", true), (sound!.Applied, sound.Changes[0].Result, sound.Changes[0].DryRun));
        Assert.Equal("[]", await hub.Client.GetStringAsync("/api/v1/resources"));
    }

    [Fact]
    public async Task Pipelines_that_can_meet_on_one_agent_do_not_listen_on_one_port()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, HttpStatusCode.OK, Documents.Destination("backend"), Documents.Simple("one"));

        var meets = await ApplyAsync(hub, HttpStatusCode.BadRequest, Documents.Simple("two", matchers: "team=a"));
        await ApplyAsync(hub, HttpStatusCode.OK, Documents.Simple("two", matchers: "env=stage"), Documents.Simple("three", port: 4319));

        Assert.Contains("listens on 4317/tcp, and so does pipeline one", Assert.Single(meets.Problems).Message, StringComparison.Ordinal);
        Assert.Equal(10, meets.Problems[0].Line);
    }

    [Fact]
    public async Task What_others_use_is_not_deleted()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, HttpStatusCode.OK, Documents.Destination("backend"), Documents.Simple("edge"));

        using var used = await hub.Client.DeleteAsync("/api/v1/resources/destinations/backend");

        Assert.Equal(HttpStatusCode.BadRequest, used.StatusCode);
        Assert.Contains("Destination backend is used by pipeline edge", await used.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        (await hub.Client.DeleteAsync("/api/v1/resources/pipelines/edge")).EnsureSuccessStatusCode();
        (await hub.Client.DeleteAsync("/api/v1/resources/destinations/backend")).EnsureSuccessStatusCode();
    }

    [Fact]
    public async Task Another_owner_changes_nothing_unless_it_takes_over()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, HttpStatusCode.OK, "owner=git/shop-config&source=ada", Documents.Destination("backend"));
        var other = Documents.Destination("backend", "https://other.example");

        var refused = await ApplyAsync(hub, HttpStatusCode.Conflict, other);
        using var put = await PutAsync(hub, "destinations/backend", other);
        using var delete = await hub.Client.DeleteAsync("/api/v1/resources/destinations/backend");
        using var taken = await PutAsync(hub, "destinations/backend?takeOver=true&owner=ui", other);
        using var back = await PutAsync(hub, "destinations/backend?owner=git/shop-config", Documents.Destination("backend"));
        using var nonsense = await PutAsync(hub, "destinations/backend?owner=Git%20Hub", other);

        Assert.Equal("owned", Assert.Single(refused.Changes).Result);
        Assert.Contains("is owned by git/shop-config (applied by ada)", Assert.Single(refused.Problems).Message, StringComparison.Ordinal);
        Assert.Equal([HttpStatusCode.Conflict, HttpStatusCode.Conflict, HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.BadRequest], new[] { put, delete, taken, back, nonsense }.Select(response => response.StatusCode));
        Assert.Contains("--take-over", await put.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("ui", (await hub.Client.GetFromJsonAsync<ResourceRow>("/api/v1/resources/destinations/backend"))!.Owner);
    }

    [Fact]
    public async Task Every_revision_is_kept_with_its_text_also_of_what_was_deleted()
    {
        var folder = HubFixture.NewFolder();
        await using (var hub = await HubFixture.StartAsync(folder))
        {
            await ApplyAsync(hub, HttpStatusCode.OK, "source=ada", Documents.Destination("backend"), Documents.Destination("other"));
            await ApplyAsync(hub, HttpStatusCode.OK, "source=bob&owner=ui&takeOver=true", Documents.Destination("backend", "https://other.example"));
            (await hub.Client.DeleteAsync("/api/v1/resources/destinations/backend?owner=ui&source=eve")).EnsureSuccessStatusCode();
        }

        await using (var hub = await HubFixture.StartAsync(folder))
        {
            var revisions = (await hub.Client.GetFromJsonAsync<ResourceRevision[]>("/api/v1/resources/destinations/backend/revisions"))!;
            var store = hub.Room<ResourceStore>();

            Assert.Equal([("delete", "eve", "ui", 2L), ("update", "bob", "ui", 2), ("insert", "ada", "api", 1)], revisions.Select(revision => (revision.Operation, revision.Source, revision.Owner, revision.Generation)));
            Assert.Contains("https://other.example", revisions[0].Document, StringComparison.Ordinal);
            Assert.Equal(Documents.Destination("backend"), revisions[2].Document);
            Assert.Equal(revisions[1], store.Revision(revisions[1].Version));
            Assert.Equal(["backend", "backend", "other", "backend"], store.Revisions(Gantry.Estate.Pipelines.DestinationReader.Kind).Select(revision => revision.Name));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Two_operators_race_and_the_second_sees_what_the_first_did_and_loses_nothing()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, HttpStatusCode.OK, Documents.Destination("backend"), Documents.Simple("edge"));
        var tag = (await hub.Client.GetAsync("/api/v1/resources/pipelines/edge")).Headers.ETag!.Tag;
        var (ada, bob) = (Documents.Simple("edge", port: 1111), Documents.Simple("edge").Replace("batch:", "batch: {timeout: 5s}", StringComparison.Ordinal));

        using var first = await PutAsync(hub, "pipelines/edge?source=ada", ada, tag);
        using var second = await PutAsync(hub, "pipelines/edge?source=bob", bob, tag);
        var version = long.Parse(tag.Trim('"'), System.Globalization.CultureInfo.InvariantCulture);
        using var batch = await hub.Client.PostAsJsonAsync("/api/v1/apply", new ApplyRequest([new DocumentFile("bob.yaml", bob)], new Dictionary<string, long> { ["pipelines/edge"] = version }));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.PreconditionFailed, HttpStatusCode.PreconditionFailed], new[] { first, second, batch }.Select(response => response.StatusCode));
        using var problem = JsonDocument.Parse(await second.Content.ReadAsStringAsync());
        string[] Lines(string name) => [.. problem.RootElement.GetProperty(name).EnumerateArray().Select(line => line.GetString()!).Where(line => line[0] is '+' or '-')];
        Assert.Equal(["-        protocols: {grpc: {endpoint: \"localhost:4317\"} }", "+        protocols: {grpc: {endpoint: \"localhost:1111\"} }"], Lines("theirs"));
        Assert.Equal(["-      batch:", "+      batch: {timeout: 5s}"], Lines("yours"));
        Assert.Contains("applied by ada", problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(ada, problem.RootElement.GetProperty("current").GetProperty("document").GetString());
        Assert.Equal("conflict", (await batch.Content.ReadFromJsonAsync<ApplyAnswer>())!.Changes[0].Result);
        Assert.Equal(ada, (await hub.Client.GetFromJsonAsync<ResourceRow>("/api/v1/resources/pipelines/edge"))!.Document);
    }

    [Fact]
    public async Task Names_of_components_are_held_against_the_versions_of_the_agents_that_match()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, HttpStatusCode.OK, Documents.Destination("backend"));
        void Seen(string id, string version) => hub.Room<IAssignments>().Of(new AgentFacts(id, id, AgentKind.Collector, new Dictionary<string, string> { ["env"] = "prod", ["service.version"] = version }));
        static string With(string exporter) => Documents.Collector("edge", $"receivers: {{otlp: {{protocols: {{grpc: }}}}}}\nexporters: {{{exporter}: }}\nservice: {{pipelines: {{traces: {{receivers: [otlp], exporters: [{exporter}]}}}}}}");

        Seen("new", "0.150.0");
        var old = await ApplyAsync(hub, HttpStatusCode.OK, "dryRun=true", With("otlphttp"));
        Seen("old", "v0.130.1");
        var unknown = await ApplyAsync(hub, HttpStatusCode.BadRequest, With("otlp_http"));
        var both = await ApplyAsync(hub, HttpStatusCode.OK, "dryRun=true", With("otlphttp"));

        Assert.Contains("is called otlp_http from 0.144.0 on", Assert.Single(old.Problems).ToString(), StringComparison.Ordinal);
        Assert.Contains("1 agent that it matches, old among them, has v0.130.1; write otlphttp", Assert.Single(unknown.Problems).Message, StringComparison.Ordinal);
        Assert.Empty(both.Problems);
    }

    [Fact]
    public async Task Types_that_are_gone_or_whose_old_name_was_forgotten_are_held_against_the_versions_too()
    {
        await using var hub = await HubFixture.StartAsync();
        await ApplyAsync(hub, HttpStatusCode.OK, Documents.Destination("backend"));
        hub.Room<IAssignments>().Of(new AgentFacts("a", "a", AgentKind.Collector, new Dictionary<string, string> { ["env"] = "prod", ["service.version"] = "0.150.1" }));

        var gone = await ApplyAsync(hub, HttpStatusCode.BadRequest, Documents.Collector("edge", "receivers: {otlp: {protocols: {grpc: }}}\nexporters: {logging: }\nservice: {pipelines: {traces: {receivers: [otlp], exporters: [logging]}}}"));
        var forgotten = await ApplyAsync(hub, HttpStatusCode.BadRequest, Documents.Collector("edge", "receivers: {windowseventlog: {channel: System}}\nservice: {pipelines: {logs: {receivers: [windowseventlog], exporters: [destination/backend]}}}"));

        Assert.Contains("is gone from 0.111.0 on, and 1 agent that it matches, a among them, has 0.150.1; use the debug exporter", gone.Problems[0].Message, StringComparison.Ordinal);
        Assert.Contains("understood again from 0.151.0 on only; 1 agent that it matches, a among them, has 0.150.1; write windows_event_log", Assert.Single(forgotten.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Modules_of_one_name_and_exports_that_are_not_there_are_refused()
    {
        await using var hub = await HubFixture.StartAsync();

        var twins = await ApplyAsync(hub, HttpStatusCode.BadRequest, Documents.Alloy("a-b", "local.file \"x\" { }"), Documents.Alloy("a.b", "local.file \"x\" { }"));
        var import = await ApplyAsync(
            hub, HttpStatusCode.BadRequest, Documents.Alloy("giver", "local.file \"x\" { }"), Documents.Alloy("taker", "a.b \"c\" {\n\td = argument.pipeline_exports.value[\"giver\"][\"out\"]\n}"));

        await ApplyAsync(hub, HttpStatusCode.OK, Documents.Alloy("giver", "export \"out\" {\n\tvalue = 1\n}"), Documents.Alloy("taker", "a.b \"c\" {\n\td = argument.pipeline_exports.value[\"giver\"][\"out\"]\n}"));
        var without = await ApplyAsync(hub, HttpStatusCode.BadRequest, Documents.Alloy("giver", "export \"other\" {\n\tvalue = 1\n}"));
        using var deleted = await hub.Client.DeleteAsync("/api/v1/resources/pipelines/giver");

        Assert.Contains("export out is read by pipeline taker", Assert.Single(without.Problems).Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, deleted.StatusCode);
        Assert.Contains("becomes a_b in Alloy, and so does pipeline a.b", twins.Problems[0].Message, StringComparison.Ordinal);
        Assert.Contains("pipeline giver has no export of this name", import.Problems[1].Message, StringComparison.Ordinal);
    }

    private static Task<ApplyAnswer> ApplyAsync(HubFixture hub, HttpStatusCode expected, params string[] documents) => ApplyAsync(hub, expected, documents[0].Contains('\n') ? "" : documents[0], documents);

    private static async Task<ApplyAnswer> ApplyAsync(HubFixture hub, HttpStatusCode expected, string query, string[] documents)
    {
        var files = documents.Where(text => text != query).Select((text, i) => new DocumentFile($"{i}.yaml", text));
        using var response = await hub.Client.PostAsJsonAsync($"/api/v1/apply?{query}", new ApplyRequest([.. files]));
        Assert.True(expected == response.StatusCode, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        return (await response.Content.ReadFromJsonAsync<ApplyAnswer>())!;
    }

    private static async Task<HttpResponseMessage> PutAsync(HubFixture hub, string path, string text, string? tag = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/resources/{path}") { Content = new StringContent(text, new MediaTypeHeaderValue("application/yaml")) };
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        }

        return await hub.Client.SendAsync(request);
    }
}
