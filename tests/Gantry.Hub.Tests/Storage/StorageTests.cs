using System.Data.Common;
using System.Net;
using Gantry.Hub.Coverage;
using Gantry.Hub.Storage;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Storage;

/// <summary>What rooms rely on, whichever engine is below: declared resources, revisions, refusals, writers at the same time.</summary>
public abstract class StorageTests<TState>
    where TState : TestState, new()
{
    private const string Path = "/api/v1/resources/samplingpolicies/";

    [Fact]
    public async Task Resources_and_revisions_are_there_after_a_restart_with_their_versions()
    {
        using var state = new TState();
        string resources, revisions;
        await using (var first = await HubFixture.StartAsync(state))
        {
            await PutAsync(first, "a", "always");
            await PutAsync(first, "b", "never");
            await PutAsync(first, "a", "never");
            Assert.Equal(HttpStatusCode.OK, (await first.Client.DeleteAsync(Path + "b")).StatusCode);
            resources = await first.Client.GetStringAsync("/api/v1/resources");
            revisions = await first.Client.GetStringAsync("/api/v1/sampling/revisions");
        }

        await using var second = await HubFixture.StartAsync(state);

        Assert.Equal(resources, await second.Client.GetStringAsync("/api/v1/resources"));
        Assert.Equal(revisions, await second.Client.GetStringAsync("/api/v1/sampling/revisions"));
        // A version is never given twice, not even that of what was deleted.
        Assert.Equal("\"5\"", await PutAsync(second, "b", "always"));
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_although_the_hub_never_stopped()
    {
        using var state = new TState();
        await using var crashed = await HubFixture.StartAsync(state);
        await PutAsync(crashed, "a", "always");
        var resources = await crashed.Client.GetStringAsync("/api/v1/resources");

        // No stop, no flush: a second process finds what a killed one would leave.
        await using var second = await HubFixture.StartAsync(state);

        Assert.Equal(resources, await second.Client.GetStringAsync("/api/v1/resources"));
    }

    [Fact]
    public async Task A_change_that_cannot_be_written_is_refused_and_leaves_everything_as_it_was()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        await PutAsync(hub, "a", "always");
        state.Break("resource");

        using var refused = await hub.Client.PutAsync(Path + "b", Policy("b", "never"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("nothing has changed", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        state.Mend("resource");
        Assert.Equal(HttpStatusCode.NotFound, (await hub.Client.GetAsync(Path + "b")).StatusCode);
        Assert.Equal("\"2\"", await PutAsync(hub, "b", "never"));
    }

    [Fact]
    public async Task Writers_at_the_same_time_each_get_a_version_of_their_own()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);

        var tags = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => PutAsync(hub, $"p{i}", "always")));

        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"\"{i}\""), tags.Order(Comparer<string>.Create((a, b) => a.Length != b.Length ? a.Length - b.Length : string.CompareOrdinal(a, b))));
    }

    [Theory]
    [InlineData("UPDATE schema_part SET version = 99 WHERE name = 'core'", "part core schema 99")]
    [InlineData("INSERT INTO schema_part VALUES ('teleport', 1)", "part teleport schema 1, this one knows none")]
    public async Task State_of_a_newer_version_is_refused_and_left_alone(string newer, string expected)
    {
        using var state = new TState();
        await (await HubFixture.StartAsync(state)).DisposeAsync();
        state.Sql(newer);
        state.Sql("DROP TABLE changed");

        var error = Assert.Throws<HubStorageException>(() => new HubServer(new HubOptions { DataFolder = state.Folder, Database = state.Database }, _ => { }));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<DbException>(() => state.Counts("changed"));
    }

    [Fact]
    public async Task Names_that_a_database_could_stumble_over_do_not_keep_others_from_being_written()
    {
        using var state = new TState();
        await using var first = await HubFixture.StartAsync(state);
        await first.ReportAsync(Reports.Batch(1, full: true).With(
            Reports.Service(1, "it's; DROP TABLE agent --"), Reports.Red(1, 3, first.Now, operation: "GET /\0$sum@x\"'"), Reports.Red(1, 4, first.Now, operation: "日本 🗞")));
        var time = first.Time;
        await first.DisposeAsync();

        await using var second = await HubFixture.StartAsync(state, time);

        Assert.Equal(7UL, Assert.Single(await second.GetAsync<ServiceRow[]>("services")).Requests);
    }

    private static StringContent Policy(string name, string keep) => new(
        $"apiVersion: gantry/v1\nkind: SamplingPolicy\nmetadata: {{ name: {name} }}\nspec:\n  rules:\n    - name: {name}\n      match: {{ service: {name} }}\n      keep: {keep}\n");

    private static async Task<string> PutAsync(HubFixture hub, string name, string keep)
    {
        using var response = await hub.Client.PutAsync(Path + name, Policy(name, keep));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return response.Headers.ETag!.Tag;
    }
}

public sealed class StorageOnSqliteTests : StorageTests<SqliteState>;

public sealed class StorageOnPostgresTests : StorageTests<PostgresState>
{
    [Theory]
    [InlineData("", "names no Host")]
    [InlineData("Host=db", "names no Database")]
    [InlineData("Host=db;Passwort=hunter2;Database=x", "no connection string")]
    [InlineData("postgres://gantry:hunter2@db/gantry", "no connection string")]
    [InlineData("Host=db;Database=x;Password=hunter2;Port=many", "no connection string")]
    public void A_connection_string_that_is_none_is_refused_without_its_password(string text, string expected)
    {
        var error = Refused(text.Length > 0 ? text : ";");

        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains("--database", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Servers_that_cannot_be_used_are_named_with_what_helps()
    {
        var there = PostgresServer.ConnectionString("postgres");

        Assert.Contains("cannot be reached", Refused("Host=127.0.0.1;Port=1;Database=x;Password=hunter2"), StringComparison.Ordinal);
        Assert.Contains("CREATE DATABASE", Refused(PostgresServer.ConnectionString("nowhere")), StringComparison.Ordinal);
        Assert.Contains("check Username and Password", Refused(there + ";Password=hunter2"), StringComparison.Ordinal);
        Assert.Contains("takes no writes", Refused(there + ";Options=-c default_transaction_read_only=on"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_that_start_at_the_same_time_make_the_tables_once()
    {
        using var state = new PostgresState();

        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => HubFixture.StartAsync(database: state.Database))));

        Assert.Equal([1], state.Counts("estate"));
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    private static string Refused(string database)
    {
        var error = Assert.Throws<HubStorageException>(() => new HubServer(new HubOptions { DataFolder = "unused", Database = database }, _ => { }));
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        return error.Message;
    }
}
