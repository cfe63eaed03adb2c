using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Gantry.Hub.Estate;
using Gantry.Hub.Sampling;
using Microsoft.Data.Sqlite;

namespace Gantry.Hub.Tests.Estate;

public class ResourceApiTests
{
    private const string Path = "/api/v1/resources/samplingpolicies/everything";

    [Fact]
    public async Task A_resource_is_created_changed_left_alone_and_deleted()
    {
        await using var hub = await HubFixture.StartAsync();

        var created = await ChangeAsync(await PutAsync(hub, SamplingExample.Yaml, query: "?source=ada"), HttpStatusCode.Created);
        var same = await ChangeAsync(await PutAsync(hub, SamplingExample.Yaml));
        var changed = await ChangeAsync(await PutAsync(hub, SamplingExample.Yaml.Replace("0.1", "0.2", StringComparison.Ordinal)));
        var read = await hub.Client.GetFromJsonAsync<ResourceRow>(Path);
        var deleted = await ChangeAsync(await hub.Client.DeleteAsync(Path));

        Assert.Equal(["created", "unchanged", "changed", "deleted"], new[] { created, same, changed, deleted }.Select(change => change.Result));
        Assert.Equal([1L, 1, 2, 2], new[] { created, same, changed, deleted }.Select(change => change.Resource.Generation));
        Assert.Equal(("SamplingPolicy", "everything", "ada", "3 rules, default 0.1", SamplingExample.Yaml), (created.Resource.Kind, created.Resource.Name, created.Resource.Source, created.Resource.Summary, created.Resource.Document));
        Assert.Equal(("api", "3 rules, default 0.2"), (read!.Source, read.Summary));
        Assert.Equal(HttpStatusCode.NotFound, (await hub.Client.GetAsync(Path)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await hub.Client.DeleteAsync(Path)).StatusCode);
    }

    [Fact]
    public async Task A_dry_run_says_the_same_and_changes_nothing()
    {
        await using var hub = await HubFixture.StartAsync();

        var would = await ChangeAsync(await PutAsync(hub, SamplingExample.Yaml, query: "?dryRun=true"));

        Assert.Equal(("created", true), (would.Result, would.DryRun));
        Assert.Equal("[]", await hub.Client.GetStringAsync("/api/v1/resources"));
        await PutAsync(hub, SamplingExample.Yaml);
        Assert.Equal("deleted", (await ChangeAsync(await hub.Client.DeleteAsync(Path + "?dryRun=true"))).Result);
        Assert.Equal(HttpStatusCode.OK, (await hub.Client.GetAsync(Path)).StatusCode);
    }

    [Fact]
    public async Task A_change_may_build_on_a_version_and_none_is_used_twice()
    {
        await using var hub = await HubFixture.StartAsync();
        var first = (await PutAsync(hub, SamplingExample.Yaml, tag: "*", none: true)).Headers.ETag!.Tag;
        await hub.Client.DeleteAsync(Path);
        var second = (await PutAsync(hub, SamplingExample.Yaml)).Headers.ETag!.Tag;
        var changed = SamplingExample.Yaml + "# more\n";

        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PutAsync(hub, changed, tag: first)).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PutAsync(hub, changed, tag: "*", none: true)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(hub, changed, tag: "\"x\"")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(hub, changed, tag: second)).StatusCode);
    }

    [Fact]
    public async Task What_is_wrong_comes_back_as_a_list()
    {
        await using var hub = await HubFixture.StartAsync();

        using var response = await PutAsync(hub, "apiVersion: gantry/v1\nkind: SamplingPolicy\nmetadata: {name: everything}\nspec:\n  priority: x\n  default: {probability: 2}\n");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var problems = problem.RootElement.GetProperty("problems").EnumerateArray().ToList();
        Assert.Equal(["spec.priority", "spec.default.probability"], problems.Select(item => item.GetProperty("field").GetString()));
        Assert.Equal([5, 6], problems.Select(item => item.GetProperty("line").GetInt32()));
    }

    [Theory]
    [InlineData("/api/v1/resources/things/x", "; there are samplingpolicies", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/resources/samplingpolicies/other", "SamplingPolicy everything, and the address says SamplingPolicy other", HttpStatusCode.BadRequest)]
    [InlineData(Path + "?source=a%0Ab", "without control characters", HttpStatusCode.BadRequest)]
    public async Task Another_address_is_refused(string path, string words, HttpStatusCode status)
    {
        await using var hub = await HubFixture.StartAsync();
        using var body = new StringContent(SamplingExample.Yaml);

        using var response = await hub.Client.PutAsync(path, body);

        Assert.Equal(status, response.StatusCode);
        Assert.Contains(words, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_refused()
    {
        await using var hub = await HubFixture.StartAsync();
        using var body = new ByteArrayContent([0x61, 0xFF, 0xFE]);

        Assert.Equal(HttpStatusCode.BadRequest, (await hub.Client.PutAsync(Path, body)).StatusCode);
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_the_hub_was_killed()
    {
        var folder = HubFixture.NewFolder();
        var copy = HubFixture.NewFolder();
        await using (var hub = await HubFixture.StartAsync(folder))
        {
            var created = await ChangeAsync(await PutAsync(hub, SamplingExample.Yaml, query: "?source=ada"), HttpStatusCode.Created);
            // The files as they are at this moment, without the last words of a hub that stops: what a crash leaves.
            foreach (var file in Directory.GetFiles(folder))
            {
                File.Copy(file, System.IO.Path.Combine(copy, System.IO.Path.GetFileName(file)));
            }

            await using var again = await HubFixture.StartAsync(copy);
            var read = await again.Client.GetFromJsonAsync<ResourceRow>(Path);
            Assert.Equivalent(created.Resource, read);
            Assert.Equal(await hub.Client.GetStringAsync("/api/v1/sampling/active"), await again.Client.GetStringAsync("/api/v1/sampling/active"));
            Assert.Equal("changed", (await ChangeAsync(await PutAsync(again, SamplingExample.Yaml + "# more\n"))).Result);
        }

        Directory.Delete(folder, recursive: true);
        Directory.Delete(copy, recursive: true);
    }

    [Fact]
    public async Task A_database_of_schema_2_gets_the_new_tables_and_keeps_its_content()
    {
        var folder = HubFixture.NewFolder();
        await using (var first = await HubFixture.StartAsync(folder))
        {
            await first.ReportAsync(Reports.Batch(1, full: true).With(Reports.Service(1, "cart"), Reports.Red(1, 10, first.Now)));
        }

        await using (var connection = new SqliteConnection($"Data Source={System.IO.Path.Combine(folder, "hub.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "DROP TABLE resource; DROP TABLE estate; DROP TABLE sampling_revision; DROP TABLE resource_revision; DELETE FROM schema_part; PRAGMA user_version = 2;";
            command.ExecuteNonQuery();
        }

        await using (var second = await HubFixture.StartAsync(folder))
        {
            Assert.Equal("cart", Assert.Single(await second.GetAsync<Gantry.Hub.Coverage.ServiceRow[]>("services")).Name);
            Assert.Equal("created", (await ChangeAsync(await PutAsync(second, SamplingExample.Yaml), HttpStatusCode.Created)).Result);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_stored_policy_that_cannot_be_read_leaves_in_force_what_was_and_can_be_replaced()
    {
        var folder = HubFixture.NewFolder();
        string before;
        await using (var first = await HubFixture.StartAsync(folder))
        {
            await PutAsync(first, SamplingExample.Yaml);
            before = await first.Client.GetStringAsync("/api/v1/sampling/active");
        }

        await using (var connection = new SqliteConnection($"Data Source={System.IO.Path.Combine(folder, "hub.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE resource SET document = replace(document, 'keep: never', 'keep: mostly')";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        await using (var second = await HubFixture.StartAsync(folder))
        {
            second.Logs.Expect("ResourceUnreadable");
            Assert.Equal(before, await second.Client.GetStringAsync("/api/v1/sampling/active"));
            var view = await second.Client.GetFromJsonAsync<SamplingView>("/api/v1/sampling");
            Assert.Contains("everything cannot be read", view!.Problem, StringComparison.Ordinal);
            Assert.Contains("always or never", Assert.Single(view.Policies).Problem, StringComparison.Ordinal);

            await PutAsync(second, SamplingExample.Yaml);
            Assert.Equal("", (await second.Client.GetFromJsonAsync<SamplingView>("/api/v1/sampling"))!.Problem);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task<HttpResponseMessage> PutAsync(HubFixture hub, string text, string query = "", string? tag = null, bool none = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Path + query) { Content = new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue("application/yaml")) };
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation(none ? "If-None-Match" : "If-Match", tag);
        }

        return await hub.Client.SendAsync(request);
    }

    private static async Task<ResourceChange> ChangeAsync(HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using (response)
        {
            Assert.Equal(expected, response.StatusCode);
            return (await response.Content.ReadFromJsonAsync<ResourceChange>())!;
        }
    }
}
