using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Changes;
using Gantry.Hub.Nodes;
using Gantry.Hub.Storage;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Coverage;

/// <summary>What is recorded when something changes, and what stands lower than it did: real reports, and a clock that the test moves.</summary>
public abstract class ChangeTests<TState>
    where TState : TestState, new()
{
    [Fact]
    public async Task A_new_version_is_a_change_and_a_rung_is_one_when_it_stays()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        var estate = new Reporter(hub);
        await estate.RunAsync(TimeSpan.FromMinutes(2), "1.0.0");
        await estate.RunAsync(TimeSpan.FromMinutes(2), "1.1.0");
        // The old one counts for five minutes.
        await estate.RunAsync(TimeSpan.FromMinutes(6), "1.1.0");

        var changes = await hub.GetAsync<ChangeRow[]>("changes?subject=cart");

        Assert.Equal(
            [("rung", "first seen, on rung 3"), ("version", "version 1.0.0 to 1.0.0, 1.1.0"), ("instances", "instances 1 to 2"), ("version", "version 1.0.0, 1.1.0 to 1.1.0"), ("instances", "instances 2 to 1")],
            changes.OrderBy(change => change.At).ThenByDescending(change => change.Kind).Select(change => (change.Kind, change.Text)));
        Assert.All(changes, change => Assert.Equal(("service", "cart"), (change.Subject, change.SubjectName)));
        Assert.Equal(changes.Length, changes.Select(change => change.Id).Distinct().Count());
    }

    [Fact]
    public async Task After_a_restart_nothing_is_recorded_twice_and_history_is_there()
    {
        using var state = new TState();
        await using var first = await HubFixture.StartAsync(state);
        await new Reporter(first).RunAsync(TimeSpan.FromMinutes(3), "1.0.0");
        var before = await first.GetAsync<ChangeRow[]>("changes");
        Assert.NotEmpty(before);
        var time = first.Time;
        await first.DisposeAsync();

        await using var second = await HubFixture.StartAsync(state, time);
        await new Reporter(second).RunAsync(TimeSpan.FromMinutes(3), "1.0.0");

        Assert.Equal(before, await second.GetAsync<ChangeRow[]>("changes"));
    }

    [Fact]
    public async Task A_rung_that_comes_back_within_a_minute_did_not_change()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        var estate = new Reporter(hub);
        await estate.RunAsync(TimeSpan.FromMinutes(3), "1.0.0");
        await estate.RunAsync(TimeSpan.FromSeconds(330), "1.0.0", joined: false);
        Assert.Equal(2, (await hub.GetAsync<ServiceRow>("services/cart")).Rung);
        await estate.RunAsync(TimeSpan.FromMinutes(3), "1.0.0");

        Assert.Single(await hub.GetAsync<ChangeRow[]>("changes?subject=cart"), change => change.Kind == "rung");
    }

    [Fact]
    public async Task Lost_traces_are_first_stale_then_a_fall_then_a_regression_with_what_changed_and_gone_when_they_are_back()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        var estate = new Reporter(hub);
        await estate.RunAsync(TimeSpan.FromMinutes(10), "1.0.0");
        await CatalogueTests.DeclareAsync(hub, "elsewhere", "owner: me");
        await estate.RunAsync(TimeSpan.FromMinutes(1), "1.0.0");
        var lastTrace = hub.Time.GetUtcNow();

        await estate.RunAsync(TimeSpan.FromMinutes(4), "2.0.0", joined: false);
        Assert.Equal((3, false), await StandingAsync(hub));
        await estate.RunAsync(TimeSpan.FromSeconds(80), "2.0.0", joined: false);
        // Stale as soon as it is no longer believed, before anything else is said.
        Assert.Equal((2, true), await StandingAsync(hub));
        Assert.Empty(await hub.GetAsync<RegressionRow[]>("regressions"));
        await estate.RunAsync(TimeSpan.FromMinutes(4), "2.0.0", joined: false);

        var regressions = await hub.GetAsync<RegressionRow[]>("regressions");
        var lost = regressions.Single(row => row.SubjectName == "cart");
        Assert.Equal(("medium", 3, 2, "traces"), (lost.Severity, lost.From, lost.To, lost.Lost));
        Assert.InRange(lost.Since, lastTrace - TimeSpan.FromSeconds(30), lastTrace);
        Assert.Equal($"cart lost traces since {lost.Since:ddd HH:mm} UTC", lost.Title);
        Assert.InRange(lost.FellAt - lost.Since, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(6));
        Assert.Equal("version 1.0.0 to 1.0.0, 2.0.0", lost.Changes[0].Text);
        Assert.Contains(lost.Changes, change => change.Text.StartsWith("Service elsewhere created by", StringComparison.Ordinal));
        var attention = (await hub.GetAsync<Summary>("summary")).Attention.First(item => item.Title == lost.Title);
        Assert.Contains("Shortly before: version 1.0.0 to 1.0.0, 2.0.0", attention.Detail, StringComparison.Ordinal);
        var page = await hub.Client.GetStringAsync($"/services/{lost.SubjectId}");
        Assert.Contains(lost.Title, page, StringComparison.Ordinal);
        Assert.Contains("Rung over seven days: 3 from", page, StringComparison.Ordinal);
        Assert.Contains("Recent changes", await hub.Client.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.StartsWith("rung 3 to 2: joined in a trace not seen for", (await hub.GetAsync<ChangeRow[]>("changes?subject=cart")).First(change => change.Kind == "rung").Text, StringComparison.Ordinal);

        await estate.RunAsync(TimeSpan.FromSeconds(30), "2.0.0");
        Assert.Equal((3, false), await StandingAsync(hub));
        Assert.Empty(await hub.GetAsync<RegressionRow[]>("regressions"));
    }

    [Fact]
    public async Task A_host_that_is_measured_no_more_is_a_regression()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        var estate = new Reporter(hub) { WithHost = true };
        await estate.RunAsync(TimeSpan.FromMinutes(2), "1.0.0");
        Assert.Equal(1, Assert.Single(await hub.GetAsync<HostRow[]>("hosts")).Rung);
        estate.WithHost = false;

        await estate.RunAsync(TimeSpan.FromMinutes(10), "1.0.0");

        var lost = Assert.Single(await hub.GetAsync<RegressionRow[]>("regressions"));
        Assert.Equal(("host", "web-1", 1, 0, "measurements", "high"), (lost.Subject, lost.SubjectName, lost.From, lost.To, lost.Lost, lost.Severity));
        // One line says it, and not two.
        Assert.Single((await hub.GetAsync<Summary>("summary")).Attention, item => item.Href == "/hosts/h1");
    }

    [Fact]
    public async Task Rows_that_a_document_makes_one_keep_their_history_and_are_not_seen_for_the_first_time()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        var estate = new Reporter(hub);
        await estate.RunAsync(TimeSpan.FromMinutes(3), "1.0.0");
        await CatalogueTests.DeclareAsync(hub, "basket", "names: [cart, web]");
        await estate.RunAsync(TimeSpan.FromMinutes(3), "1.0.0");

        var changes = await hub.GetAsync<ChangeRow[]>("changes?subject=basket");

        Assert.Equal(["cart", "web"], changes.Where(change => change.From.Length == 0 && change.Kind == "rung").Select(change => change.SubjectName).Order());
    }

    [Fact]
    public async Task A_node_whose_lease_went_to_another_writes_no_change()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        var estate = new Reporter(hub);
        await estate.RunAsync(TimeSpan.FromMinutes(2), "1.0.0");
        using (var turn = ObserverTurn.Take(hub.Room<HubDatabase>(), hub.Room<Node>()))
        {
            NodeTable.TakeLease(turn!.Connection, "another");
            turn.Commit();
        }

        await estate.RunAsync(TimeSpan.FromMinutes(2), "1.1.0");

        var versions = await hub.GetAsync<ChangeRow[]>("changes?kind=version");
        Assert.Equal(hub.Room<Node>().IsShared, versions.Length == 0);
    }

    [Fact]
    public async Task A_name_that_stands_in_two_environments_has_the_changes_of_both()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        await hub.ReportAsync(Reports.Batch(1, full: true).With(
            new ServiceIdentity { Id = 1, Name = "cart", Environment = "prod" }, new ServiceIdentity { Id = 2, Name = "cart", Environment = "staging" }, Reports.Source(1, hub.Now), Reports.Source(2, hub.Now)));
        var services = await hub.GetAsync<ServiceRow[]>("services");
        Write(hub, [.. services.Select(row => new ChangeRow(0, hub.Time.GetUtcNow(), "version", "service", row.Id, row.Name, "1", "2", $"version 1 to 2 in {row.Environment}"))]);

        Assert.Equal(["version 1 to 2 in prod", "version 1 to 2 in staging"], (await hub.GetAsync<ChangeRow[]>("changes?subject=cart")).Select(change => change.Text).Order());
        Assert.Single(await hub.GetAsync<ChangeRow[]>($"changes?subject={services[0].Id}"));
    }

    [Fact]
    public async Task What_is_asked_for_is_found_behind_a_thousand_others()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        await new Reporter(hub).RunAsync(TimeSpan.FromMinutes(3), "1.0.0");
        var at = hub.Time.GetUtcNow();
        Write(hub, [.. Enumerable.Range(0, 1500).Select(i => new ChangeRow(0, at, i % 2 == 0 ? "rung" : "version", "service", $"s{i}", $"s{i}", "", "3", "first seen, on rung 3"))]);
        var changes = hub.Room<ChangeQueries>();
        var since = at - TimeSpan.FromHours(1);
        var services = await hub.GetAsync<ServiceRow[]>("services");

        Assert.Equal(1000, (await hub.GetAsync<ChangeRow[]>("changes")).Length);
        Assert.Equal("rung", Assert.Single(await hub.GetAsync<ChangeRow[]>("changes?subject=cart")).Kind);
        Assert.Equal(750, (await hub.GetAsync<ChangeRow[]>("changes?kind=version")).Length);
        Assert.Single(await hub.GetAsync<ChangeRow[]>("changes?kind=rung&subject=cart"));
        Assert.Empty(await hub.GetAsync<ChangeRow[]>("changes?kind=version&subject=cart"));
        Assert.Equal(750, changes.Since(since, new ChangeFilter { WithoutFirstSeen = true }).Count);
        Assert.Equal(750, changes.Since(since, new ChangeFilter { ExceptKind = "rung" }).Count);
        Assert.Equal(["cart", "s1", "web"], changes.Since(since, ChangeFilter.Of([.. services.Select(row => row.Id), "s1", ""]), 40).Select(change => change.SubjectName).Order());
        Assert.Empty(changes.Since(since, new ChangeFilter { Subjects = [] }));

        // So are the line of its rung behind its own versions, and what is no first sight on Home.
        var cart = services.Single(row => row.Name == "cart").Id;
        Write(hub, [.. Enumerable.Range(0, 600).Select(i => new ChangeRow(0, at, "version", "service", cart, "cart", $"{i}", "", $"version {i}"))]);
        Assert.Contains("Rung over seven days: 3 from", await hub.Client.GetStringAsync($"/services/{cart}"), StringComparison.Ordinal);
        Write(hub, [.. Enumerable.Range(0, 300).Select(i => new ChangeRow(0, at, "rung", "service", $"n{i}", $"n{i}", "", "3", "first seen, on rung 3"))]);
        Assert.Contains("version 599", await hub.Client.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rungs_are_not_pushed_out_by_versions()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        var at = hub.Time.GetUtcNow();
        Write(hub, [.. Enumerable.Range(0, 100).Select(i => new ChangeRow(0, at, i < 10 ? "rung" : "version", "service", "c", "cart", "2", "3", ""))]);

        ChangeTable.Purge(hub.Room<HubDatabase>(), at, most: 20);

        var rows = hub.Room<ChangeQueries>().Since(at - TimeSpan.FromHours(1));
        Assert.Equal((10, 20), (rows.Count(row => row.Kind == "rung"), rows.Count(row => row.Kind == "version")));
        Assert.Equal(100, rows[0].Id);
    }

    [Fact]
    public async Task A_version_that_never_rests_fills_no_log()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);
        var estate = new Reporter(hub);
        await estate.RunAsync(TimeSpan.FromMinutes(3), "1.0.0");
        for (var build = 0; build < 100; build++)
        {
            await estate.RunAsync(TimeSpan.FromSeconds(90), $"{build}-{new string('v', 300)}", beat: TimeSpan.FromSeconds(45));
        }

        var versions = (await hub.GetAsync<ChangeRow[]>("changes?subject=cart&kind=version")).OrderBy(change => change.Id).ToList();

        // Two and a half hours: eighteen as usual, then one in 45 minutes.
        Assert.InRange(versions.Count, 18, 22);
        Assert.Matches(@"after \d+ that came and went and are not recorded$", versions[^1].Text);
        Assert.All(versions, change => Assert.InRange(change.To.Length, 1, 1100));
    }

    [Fact]
    public async Task What_is_asked_for_must_be_there()
    {
        using var state = new TState();
        await using var hub = await HubFixture.StartAsync(state);

        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await hub.Client.GetAsync("/api/v1/changes?subject=nobody")).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await hub.Client.GetAsync("/api/v1/changes?since=yesterday")).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await hub.Client.GetAsync("/api/v1/changes?kind=colour")).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.OK, (await hub.Client.GetAsync("/api/v1/changes?since=24h&subject=estate")).StatusCode);
    }

    private static async Task<(int Rung, bool Stale)> StandingAsync(HubFixture hub)
    {
        var cart = await hub.GetAsync<ServiceRow>("services/cart");
        return (cart.Rung, cart.Stale);
    }

    private static void Write(HubFixture hub, IReadOnlyList<ChangeRow> rows)
    {
        using var turn = ObserverTurn.Take(hub.Room<HubDatabase>(), hub.Room<Node>());
        ChangeTable.Write(turn!.Connection, rows, [], []);
        turn.Commit();
    }

    /// <summary>web calls cart, every ten seconds.</summary>
    private sealed class Reporter(HubFixture hub)
    {
        private ulong _sequence;
        private ulong _calls;

        public bool WithHost { get; set; }

        public async Task RunAsync(TimeSpan span, string version, bool joined = true, TimeSpan? beat = null)
        {
            for (var passed = TimeSpan.Zero; passed < span; passed += beat ?? ChangeWatch.Beat)
            {
                _sequence++;
                _calls += 10;
                var (calls, trace) = (_calls, (ulong)hub.Time.GetUtcNow().ToUnixTimeSeconds());
                List<IWireMessage> parts =
                [
                    Reports.Service(1, "web"), Reports.Service(2, "cart"), Reports.Source(2, hub.Now, ("service.version", version), ("service.instance.id", version)),
                    Reports.Red(1, calls, hub.Now), Reports.Red(2, calls, hub.Now),
                ];
                if (joined)
                {
                    parts.AddRange([Reports.Span(trace, 10, 0, 1, 3), Reports.Span(trace, 20, 10, 2, 2)]);
                }

                if (WithHost)
                {
                    parts.AddRange(Host());
                }

                await hub.ReportAsync(Reports.Batch(_sequence, full: true).With([.. parts]));
                hub.Time.Jump(beat ?? ChangeWatch.Beat);
                hub.Room<ChangeWatch>().Run();
            }
        }

        private IEnumerable<IWireMessage> Host()
        {
            var now = hub.Now;
            yield return Reports.Point("system.cpu.utilization", 0.5, now, false, ("cpu.mode", "idle"));
            yield return Reports.Point("system.process.count", 1, now, false, ("process.state", "running"));
            yield return Reports.Point("system.memory.utilization", 0.5, now, false, ("system.memory.state", "used"));
            yield return Reports.Point("system.paging.faults", _calls, now, true, ("system.paging.fault.type", "major"));
            yield return Reports.Point("system.filesystem.utilization", 0.5, now, false, ("system.filesystem.state", "used"));
            yield return Reports.Point("system.disk.linux.errors", 0, now, true, ("system.device", "sda"));
            yield return Reports.Point("system.network.io", _calls, now, true, ("network.io.direction", "receive"));
            yield return Reports.Point("system.network.errors", 0, now, true, ("network.io.direction", "receive"));
        }
    }
}

public sealed class ChangesOnSqliteTests : ChangeTests<SqliteState>;

public sealed class ChangesOnPostgresTests : ChangeTests<PostgresState>;
