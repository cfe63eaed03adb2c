using Gantry.Hub.FleetManagement.Collectors;

namespace Gantry.Hub.Tests.FleetManagement;

/// <summary>The half of CollectorService that operators and their tools call.</summary>
public sealed class ManagementTests : IAsyncLifetime
{
    private readonly TestAssignments _assignments = new();
    private readonly string _folder = HubFixture.NewFolder();
    private HubFixture _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await _assignments.StartHubAsync(_folder);

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_created_collector_is_there_before_it_ever_speaks_and_after_a_restart()
    {
        var created = await CreateAsync("a", ("team", "shop"));
        Assert.Equal(("a", true, TheirFleet.CollectorType.Alloy, "shop"), (created.Id, created.Enabled, created.CollectorType, created.RemoteAttributes["team"]));

        await _hub.DisposeAsync();
        _hub = await _assignments.StartHubAsync(_folder);

        var read = (await Call<TheirFleet.Collector>("GetCollector", new TheirFleet.GetCollectorRequest { Id = "a" })).Ok;
        Assert.Equal(created, read);
    }

    [Fact]
    public async Task Creating_what_is_there_is_already_exists()
    {
        await CreateAsync("a");

        Assert.Equal("already_exists", (await Call<TheirFleet.Collector>("CreateCollector", new TheirFleet.CreateCollectorRequest { Collector = new() { Id = "a" } })).Code);
    }

    [Theory, InlineData("GetCollector"), InlineData("DeleteCollector")]
    public async Task What_is_not_there_is_not_found(string method) =>
        Assert.Equal((404, "not_found"), await CodeAsync(method, new TheirFleet.GetCollectorRequest { Id = "nobody" }));

    [Fact]
    public async Task Updating_what_is_not_there_is_not_found() =>
        Assert.Equal((404, "not_found"), await CodeAsync("UpdateCollector", new TheirFleet.UpdateCollectorRequest { Collector = new() { Id = "nobody" } }));

    [Fact]
    public async Task An_update_is_not_selective_and_leaves_what_the_collector_tells()
    {
        var alloy = new AlloyClient(_hub.Client, "1.13.0", "a");
        await alloy.RegisterAsync();
        await Call<TheirFleet.Collector>("UpdateCollector", new TheirFleet.UpdateCollectorRequest { Collector = new() { Id = "a", Name = "One", Enabled = false, RemoteAttributes = { ["team"] = "shop" } } });

        var updated = (await Call<TheirFleet.Collector>("UpdateCollector", new TheirFleet.UpdateCollectorRequest { Collector = new() { Id = "a", RemoteAttributes = { ["tier"] = "1" } } })).Ok;

        Assert.Equal(("", true), (updated.Name, updated.Enabled));
        Assert.Equal(["tier"], updated.RemoteAttributes.Keys);
        Assert.Equal("prod", updated.LocalAttributes["env"]);
    }

    [Fact]
    public async Task Remote_attributes_go_before_local_ones_but_for_those_of_the_collector()
    {
        await CreateAsync("a", ("env", "stage"));
        await new AlloyClient(_hub.Client, "1.13.0", "a").StartAsync();

        Assert.Equal("stage", _assignments.LastAsked!.Attributes["env"]);
        Assert.Equal("v1.13.0", _assignments.LastAsked.Attributes["collector.version"]);
    }

    [Fact]
    public async Task A_disabled_collector_gets_a_comment_that_stops_what_runs()
    {
        _assignments.Set("first\n");
        var alloy = new AlloyClient(_hub.Client, "1.13.0", "a");
        await alloy.StartAsync();
        await Call<TheirFleet.Collector>("UpdateCollector", new TheirFleet.UpdateCollectorRequest { Collector = new() { Id = "a", Enabled = false } });

        await alloy.PollAsync();

        Assert.StartsWith("// ", alloy.Running, StringComparison.Ordinal);
        Assert.Equal("disabled", (await RowAsync("a")).State);
        await Call<TheirFleet.Collector>("UpdateCollector", new TheirFleet.UpdateCollectorRequest { Collector = new() { Id = "a", Enabled = true } });
        await alloy.PollAsync();
        Assert.Equal("first\n", alloy.Running);
    }

    [Theory]
    [InlineData("", "v", "collector.remoteAttributes: \"\": expected a name of 1 to 100 characters, this has 0")]
    [InlineData("collector.os", "v", "collector.remoteAttributes.collector.os: names that begin with \"collector.\" are reserved; choose another")]
    [InlineData("a", "151", "collector.remoteAttributes.a: expected at most 150 characters, these are 151")]
    public async Task Attributes_beyond_the_limits_are_refused_by_name(string key, string value, string message)
    {
        var text = value == "151" ? new string('v', 151) : value;

        var answer = await Call<TheirFleet.Collector>("CreateCollector", new TheirFleet.CreateCollectorRequest { Collector = new() { Id = "a", RemoteAttributes = { [key] = text } } });

        Assert.Equal(("invalid_argument", message), (answer.Code, answer.Error));
    }

    [Fact]
    public async Task The_list_is_whole_and_matchers_pick_from_it()
    {
        var ids = Enumerable.Range(0, 1500).Select(i => $"host-{i:D4}").ToList();
        await Parallel.ForEachAsync(ids, async (id, _) => await Call<TheirFleet.RegisterCollectorResponse>("RegisterCollector", new TheirFleet.RegisterCollectorRequest { Id = id }));
        foreach (var team in new[] { "shop", "news" })
        {
            _ = (await Call<TheirFleet.BulkUpdateCollectorsResponse>("BulkUpdateCollectors", new TheirFleet.BulkUpdateCollectorsRequest
            {
                Ids = { ids.Where((_, i) => (i % 2 == 0) == (team == "shop")) },
                Ops = { new TheirFleet.Operation { Op = TheirFleet.Operation.Types.OpType.Add, Path = "remoteAttributes.team", Value = team } },
            })).Ok;
        }

        Assert.Equal(1500, (await ListAsync()).Count);
        Assert.Equal(750, (await ListAsync("team=shop")).Count);
        Assert.Equal(["host-0007"], (await ListAsync("team!=shop", "collector.ID=~\"host-000[67]\"")).Select(collector => collector.Id));
        Assert.Equal(1500, (await ListAsync("absent=\"\"", "collector.type=alloy")).Count);
    }

    [Theory]
    [InlineData("team")]
    [InlineData("team=~\"(\"")]
    [InlineData("LONG")]
    public async Task Matchers_that_are_none_are_refused_by_number(string matcher)
    {
        var answer = await Call<TheirFleet.Collectors>("ListCollectors", new TheirFleet.ListCollectorsRequest { Matchers = { "a=b", matcher == "LONG" ? $"a={new string('b', 200)}" : matcher } });

        Assert.Equal("invalid_argument", answer.Code);
        Assert.StartsWith("matchers.1: ", answer.Error, StringComparison.Ordinal);
    }

    [Theory, InlineData("remoteAttributes.", "."), InlineData("/remote_attributes/", "/")]
    public async Task A_bulk_update_knows_every_operation_in_both_forms_of_path(string root, string separator)
    {
        await CreateAsync("a", ("keep", "1"), ("old", "2"), ("only", "x"));
        await CreateAsync("b", ("keep", "1"), ("old", "2"), ("only", "y"));
        var odd = separator == "/" ? "a~1b~0c" : "a/b~c";

        var answer = await Call<TheirFleet.BulkUpdateCollectorsResponse>("BulkUpdateCollectors", new TheirFleet.BulkUpdateCollectorsRequest
        {
            Ids = { "a", "b" },
            Ops =
            {
                new TheirFleet.Operation { Op = TheirFleet.Operation.Types.OpType.Add, Path = root + odd, Value = "new" },
                new TheirFleet.Operation { Op = TheirFleet.Operation.Types.OpType.Replace, Path = root + "keep", Value = "9", OldValue = "1" },
                new TheirFleet.Operation { Op = TheirFleet.Operation.Types.OpType.Copy, Path = root + "copied", From = root + "keep" },
                new TheirFleet.Operation { Op = TheirFleet.Operation.Types.OpType.Move, Path = root + "moved", From = root + "old" },
                new TheirFleet.Operation { Op = TheirFleet.Operation.Types.OpType.Remove, Path = root + "only", Value = "x" },
            },
        });

        _ = answer.Ok;
        var listed = await ListAsync();
        Assert.Equal(["a/b~c=new", "copied=9", "keep=9", "moved=2"], Shown(listed[0]));
        Assert.Equal(["a/b~c=new", "copied=9", "keep=9", "moved=2", "only=y"], Shown(listed[1]));
    }

    [Fact]
    public async Task A_bulk_update_is_made_for_all_or_for_none()
    {
        await CreateAsync("a");
        await CreateAsync("b", ("there", "1"));
        var add = new TheirFleet.Operation { Op = TheirFleet.Operation.Types.OpType.Add, Path = "remoteAttributes.x", Value = "1" };
        var remove = new TheirFleet.Operation { Op = TheirFleet.Operation.Types.OpType.Remove, Path = "remoteAttributes.there" };

        var missing = await CodeAsync("BulkUpdateCollectors", new TheirFleet.BulkUpdateCollectorsRequest { Ids = { "a", "nobody" }, Ops = { add } });
        var failing = await CodeAsync("BulkUpdateCollectors", new TheirFleet.BulkUpdateCollectorsRequest { Ids = { "b", "a" }, Ops = { add, remove } });

        Assert.Equal(((404, "not_found"), (400, "invalid_argument")), (missing, failing));
        Assert.All(await ListAsync(), collector => Assert.False(collector.RemoteAttributes.ContainsKey("x")));
        Assert.Equal((400, "invalid_argument"), await CodeAsync("BulkUpdateCollectors", new TheirFleet.BulkUpdateCollectorsRequest { Ids = { "a" } }));
        Assert.Equal((400, "invalid_argument"), await CodeAsync("BulkUpdateCollectors", new TheirFleet.BulkUpdateCollectorsRequest { Ops = { add } }));
    }

    [Fact]
    public async Task A_bulk_delete_is_made_for_all_or_for_none()
    {
        await CreateAsync("a");
        await CreateAsync("b");

        Assert.Equal((404, "not_found"), await CodeAsync("BulkDeleteCollectors", new TheirFleet.BulkDeleteCollectorsRequest { Ids = { "a", "nobody" } }));
        Assert.Equal(2, (await ListAsync()).Count);
        _ = (await Call<TheirFleet.BulkDeleteCollectorsResponse>("BulkDeleteCollectors", new TheirFleet.BulkDeleteCollectorsRequest { Ids = { "a", "b" } })).Ok;
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task Attributes_are_listed_with_all_their_values()
    {
        await CreateAsync("a", ("team", "shop"));
        await CreateAsync("b", ("team", "news"));
        await new AlloyClient(_hub.Client, "1.13.0", "c").RegisterAsync();

        var all = (await Call<TheirFleet.ListCollectorAttributesResponse>("ListCollectorAttributes", new TheirFleet.ListCollectorAttributesRequest())).Ok;

        Assert.Equal(["news", "shop"], all.RemoteAttributes["team"].Values.Select(value => value.Value_));
        Assert.Equal(["collector.os", "collector.version", "env"], all.LocalAttributes.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task States_tell_written_from_loaded()
    {
        _assignments.Set("first\n");
        var old = new AlloyClient(_hub.Client, "1.11.0", "old");
        var bad = new AlloyClient(_hub.Client, "1.13.0", "bad") { Load = content => content == "second\n" ? "remotecfg:1:1: password = \"hunter2\" is bad" : null };
        var good = new AlloyClient(_hub.Client, "1.13.0", "good");
        foreach (var alloy in new[] { old, bad, good })
        {
            await alloy.StartAsync();
        }

        await old.PollAsync();
        Assert.Equal(("received", "applied", "applied"), ((await RowAsync("old")).State, (await RowAsync("bad")).State, (await RowAsync("good")).State));
        _assignments.Set("second\n");
        Assert.Equal("desired", (await RowAsync("good")).State);
        await bad.PollAsync();
        await good.PollAsync();

        var failed = await RowAsync("bad");
        Assert.Equal(("failed", "applied"), (failed.State, (await RowAsync("good")).State));
        Assert.Contains("(redacted)", failed.Failed!.Text, StringComparison.Ordinal);
        Assert.Equal(["bad"], (await _hub.GetAsync<CollectorPage>("collectors?state=failed")).Collectors.Select(row => row.Id));
        // The one that stays away has a change open, which time alone makes stalled.
        _hub.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("stalled", (await RowAsync("old")).State);
    }

    [Fact]
    public async Task What_a_collector_runs_is_kept_without_its_secrets_also_over_a_restart()
    {
        _assignments.Set("prometheus.remote_write \"x\" { endpoint { url = \"http://x\" basic_auth { username = \"u\" password = \"hunter2\" } } }\n");
        await new AlloyClient(_hub.Client, "1.13.0", "a").StartAsync();
        var before = await RowAsync("a");
        Assert.Contains("remote_write", before.Effective, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", before.Effective, StringComparison.Ordinal);

        await _hub.DisposeAsync();
        Assert.DoesNotContain("hunter2", System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Path.Combine(_folder, "hub.db"))), StringComparison.Ordinal);
        _hub = await _assignments.StartHubAsync(_folder, _hub.Time);

        var after = await RowAsync("a");
        Assert.Equal((before.Effective, before.State, before.Applied), (after.Effective, after.State, after.Applied));
    }

    [Fact]
    public async Task Silent_collectors_are_marked_and_much_later_forgotten_unless_somebody_declared_them()
    {
        await CreateAsync("declared");
        foreach (var id in new[] { "declared", "pod", "host" })
        {
            await new AlloyClient(_hub.Client, "1.13.0", id).StartAsync();
        }

        await new AlloyClient(_hub.Client, "1.13.0", "pod").StopAsync();
        Assert.Equal(("unregistered", "active"), ((await RowAsync("pod")).Connection, (await RowAsync("host")).Connection));
        await PassAsync(TimeSpan.FromMinutes(32));
        Assert.Equal("inactive", (await RowAsync("host")).Connection);
        Assert.NotNull((await ListAsync("collector.ID=host"))[0].MarkedInactiveAt);
        await PassAsync(TimeSpan.FromDays(7));
        Assert.Equal(["declared", "host"], (await ListAsync()).Select(collector => collector.Id));
        await PassAsync(TimeSpan.FromDays(24));

        Assert.Equal(["declared"], (await ListAsync()).Select(collector => collector.Id));
    }

    [Fact]
    public async Task Pages_follow_one_another()
    {
        foreach (var id in new[] { "a", "b/with/slashes", "c" })
        {
            await CreateAsync(id);
        }

        var first = await _hub.GetAsync<CollectorPage>("collectors?limit=2");
        var second = await _hub.GetAsync<CollectorPage>($"collectors?limit=2&after={Uri.EscapeDataString(first.Next!)}");

        Assert.Equal((3, 2, "b/with/slashes"), (first.Total, first.Collectors.Count, first.Next));
        Assert.Equal((1, null), (second.Collectors.Count, second.Next));
        Assert.Equal("never", (await RowAsync("b/with/slashes")).Connection);
    }

    /// <summary>Moves the clock until the writer has swept after it.</summary>
    private async Task PassAsync(TimeSpan span)
    {
        _hub.Time.Jump(span);
        for (var i = 0; i < 20; i++)
        {
            _hub.Time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(10);
        }
    }

    private Task<CollectorRow> RowAsync(string id) => _hub.GetAsync<CollectorRow>($"collectors/{id}");

    private async Task<TheirFleet.Collector> CreateAsync(string id, params (string Key, string Value)[] attributes)
    {
        var collector = new TheirFleet.Collector { Id = id, RemoteAttributes = { attributes.ToDictionary(item => item.Key, item => item.Value) } };
        return (await Call<TheirFleet.Collector>("CreateCollector", new TheirFleet.CreateCollectorRequest { Collector = collector })).Ok;
    }

    private async Task<IReadOnlyList<TheirFleet.Collector>> ListAsync(params string[] matchers) =>
        (await Call<TheirFleet.Collectors>("ListCollectors", new TheirFleet.ListCollectorsRequest { Matchers = { matchers } })).Ok.Collectors_;

    private static IEnumerable<string> Shown(TheirFleet.Collector collector) => collector.RemoteAttributes.Select(item => $"{item.Key}={item.Value}").Order(StringComparer.Ordinal);

    private Task<Answer<T>> Call<T>(string method, Google.Protobuf.IMessage request)
        where T : Google.Protobuf.IMessage<T>, new() => new ConnectClient(_hub.Client).PostAsync<T>($"{ConnectClient.Collectors}/{method}", request);

    private async Task<(int, string)> CodeAsync(string method, Google.Protobuf.IMessage request)
    {
        var answer = await Call<TheirFleet.DeleteCollectorResponse>(method, request);
        return (answer.Status, answer.Code);
    }
}
