namespace Gantry.Hub.Tests.FleetManagement;

/// <summary>What a hub must do for the fleets that point at it: one test a line of the list, with the client of Alloy that the line is about.</summary>
public sealed class AgentCallsTests : IAsyncLifetime
{
    private const string First = "declare \"one\" { }\none \"default\" { }\n";
    private const string Second = "declare \"two\" { }\ntwo \"default\" { }\n";

    private readonly TestAssignments _assignments = new();
    private HubFixture _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await _assignments.StartHubAsync();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task A_registration_succeeds_for_every_sound_id_and_carries_what_decides()
    {
        _assignments.Set(First);
        var alloy = Alloy("1.13.0");
        alloy.Attributes["region"] = "eu";

        await alloy.StartAsync();

        var facts = _assignments.LastAsked!;
        Assert.Equal(("host-1", Gantry.Estate.Agents.AgentKind.Alloy), (facts.Id, facts.Kind));
        Assert.Equal(["collector.os=linux", "collector.version=v1.13.0", "env=prod", "region=eu"], facts.Attributes.Select(item => $"{item.Key}={item.Value}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    public async Task An_id_that_is_none_is_an_invalid_argument(string id)
    {
        var answer = await Connect().PostAsync<TheirFleet.RegisterCollectorResponse>($"{ConnectClient.Collectors}/RegisterCollector", new TheirFleet.RegisterCollectorRequest { Id = id });

        Assert.Equal("invalid_argument", answer.Code);
        Assert.StartsWith("id: ", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registration_with_attributes_beyond_every_bound_succeeds_too()
    {
        var request = new TheirFleet.RegisterCollectorRequest { Id = "a" };
        for (var i = 0; i < 1000; i++)
        {
            request.LocalAttributes.Add($"k{i:D4}", new string('v', i == 0 ? 2000 : 10));
        }

        _ = (await Connect().PostAsync<TheirFleet.RegisterCollectorResponse>($"{ConnectClient.Collectors}/RegisterCollector", request)).Ok;
        _ = (await Connect().PostAsync<TheirFleet.GetConfigResponse>($"{ConnectClient.Collectors}/GetConfig", new TheirFleet.GetConfigRequest { Id = "a", LocalAttributes = { request.LocalAttributes } })).Ok;

        Assert.Equal(128, _assignments.LastAsked!.Attributes.Count);
        Assert.False(_assignments.LastAsked.Attributes.ContainsKey("k0000"));
    }

    [Fact]
    public async Task GetConfig_of_an_id_that_never_registered_makes_it_known()
    {
        _assignments.Set(First);

        var answer = await Connect().PostAsync<TheirFleet.GetConfigResponse>($"{ConnectClient.Collectors}/GetConfig", new TheirFleet.GetConfigRequest { Id = "stranger" });

        Assert.Equal(First, answer.Ok.Content);
        Assert.Equal("stranger", _assignments.LastAsked!.Id);
    }

    [Fact]
    public async Task Deprecated_attributes_count_when_there_are_no_local_ones()
    {
        var request = new TheirFleet.GetConfigRequest { Id = "a", Attributes = { ["env"] = "old" } };
        await Connect().PostAsync<TheirFleet.GetConfigResponse>($"{ConnectClient.Collectors}/GetConfig", request);
        Assert.Equal("old", _assignments.LastAsked!.Attributes["env"]);

        request.LocalAttributes["env"] = "new";
        await Connect().PostAsync<TheirFleet.GetConfigResponse>($"{ConnectClient.Collectors}/GetConfig", request);
        Assert.Equal("new", _assignments.LastAsked!.Attributes["env"]);
    }

    [Fact]
    public async Task The_current_hash_is_answered_with_not_modified_and_no_content()
    {
        _assignments.Set(First);
        var alloy = Alloy("1.12.0");
        await alloy.StartAsync();

        await alloy.PollAsync();

        Assert.True(alloy.LastResponse!.NotModified);
        Assert.Equal(("", TestAssignments.HashOf(First)), (alloy.LastResponse.Content, alloy.LastResponse.Hash));
    }

    [Fact]
    public async Task Hashes_are_the_same_after_a_restart_of_the_hub_so_nothing_is_sent_again()
    {
        _assignments.Set(First);
        var folder = HubFixture.NewFolder();
        var alloy = default(AlloyClient);
        await using (var before = await _assignments.StartHubAsync(folder))
        {
            alloy = new AlloyClient(before.Client, "1.13.0");
            await alloy.StartAsync();
        }

        await using (var after = await _assignments.StartHubAsync(folder))
        {
            var answer = await new ConnectClient(after.Client).PostAsync<TheirFleet.GetConfigResponse>($"{ConnectClient.Collectors}/GetConfig", new TheirFleet.GetConfigRequest { Id = alloy.Id, Hash = alloy.Hash });

            Assert.True(answer.Ok.NotModified);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Theory, InlineData("1.5.0"), InlineData("1.11.0"), InlineData("1.13.0")]
    public async Task Nothing_to_run_is_a_comment_and_never_an_empty_text(string version)
    {
        var alloy = Alloy(version);

        await alloy.StartAsync();

        Assert.StartsWith("// ", alloy.Running, StringComparison.Ordinal);
        Assert.NotEmpty(alloy.Hash);
        await alloy.PollAsync();
        Assert.True(alloy.LastResponse!.NotModified);
    }

    [Fact]
    public async Task A_collector_that_is_left_alone_keeps_what_it_has()
    {
        _assignments.Set(First);
        var alloy = Alloy("1.13.0");
        await alloy.StartAsync();
        _assignments.Set(null);

        await alloy.PollAsync();

        Assert.True(alloy.LastResponse!.NotModified);
        Assert.Equal(First, alloy.Running);
    }

    [Fact]
    public async Task A_configuration_that_failed_is_not_offered_again_by_itself()
    {
        _assignments.Set(First);
        var alloy = Alloy("1.13.0");
        alloy.Load = content => content == Second ? "remotecfg:1:1: unrecognized component name \"two\"" : null;
        await alloy.StartAsync();
        _assignments.Set(Second);

        await alloy.PollAsync();
        Assert.Equal(TheirFleet.RemoteConfigStatuses.Failed, alloy.Status);
        var loads = 0;
        alloy.Load = _ =>
        {
            loads++;
            return null;
        };
        await alloy.PollAsync();
        await alloy.PollAsync();

        Assert.Equal(0, loads);
        Assert.Equal(First, alloy.Running);
    }

    [Fact]
    public async Task After_a_failure_a_restart_gets_the_configuration_that_it_last_loaded()
    {
        _assignments.Set(First);
        var alloy = Alloy("1.13.0");
        alloy.Load = content => content == Second ? "remotecfg:1:1: unrecognized component name \"two\"" : null;
        await alloy.StartAsync();
        _assignments.Set(Second);
        await alloy.PollAsync();

        await alloy.StartAsync();
        await alloy.PollAsync();

        Assert.Equal((First, TestAssignments.HashOf(First)), (alloy.Running, alloy.Hash));
        _assignments.Set("third\n");
        await alloy.PollAsync();
        Assert.Equal("third\n", alloy.Running);
    }

    [Fact]
    public async Task Another_version_of_the_collector_may_try_what_the_one_before_could_not_load()
    {
        _assignments.Set(First);
        var alloy = Alloy("1.13.0");
        alloy.Load = content => content == Second ? "remotecfg:1:1: unrecognized component name \"two\"" : null;
        await alloy.StartAsync();
        _assignments.Set(Second);
        await alloy.PollAsync();

        var upgraded = Alloy("1.19.0");
        await upgraded.StartAsync();

        Assert.Equal(Second, upgraded.Running);
    }

    [Fact]
    public async Task An_outage_of_the_hub_is_no_failure_of_the_configuration()
    {
        _assignments.Set(First);
        var alloy = Alloy("1.13.0");
        await alloy.StartAsync();

        alloy.PollInVain();
        await alloy.PollAsync();

        Assert.Equal(TheirFleet.RemoteConfigStatuses.Applied, alloy.Status);
        await alloy.StartAsync();
        Assert.Equal(First, alloy.Running);
    }

    [Fact]
    public async Task A_registration_after_goodbye_brings_the_collector_back()
    {
        _assignments.Set(First);
        var alloy = Alloy("1.13.0");
        await alloy.StartAsync();
        await alloy.StopAsync();

        await alloy.StartAsync();

        Assert.Equal(["Register", "GetConfig", "GetConfig", "Register", "Unregister", "Register", "GetConfig", "GetConfig", "Register"], alloy.Calls);
    }

    [Fact]
    public async Task Goodbye_of_a_stranger_is_answered_all_the_same() =>
        _ = (await Connect().PostAsync<TheirFleet.UnregisterCollectorResponse>($"{ConnectClient.Collectors}/UnregisterCollector", new TheirFleet.UnregisterCollectorRequest { Id = "nobody" })).Ok;

    [Fact]
    public async Task A_whole_fleet_that_starts_at_once_is_served_and_none_is_turned_away()
    {
        _assignments.Set(First);
        var fleet = Enumerable.Range(0, 300).Select(i => new AlloyClient(_hub.Client, i % 2 == 0 ? "1.11.0" : "1.13.0", $"host-{i}")).ToList();

        await Task.WhenAll(fleet.Select(alloy => alloy.StartAsync()));

        Assert.All(fleet, alloy => Assert.Equal(First, alloy.Running));
    }

    private AlloyClient Alloy(string version) => new(_hub.Client, version);

    private ConnectClient Connect() => new(_hub.Client);
}
