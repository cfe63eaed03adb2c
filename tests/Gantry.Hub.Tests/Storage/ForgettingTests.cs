using Gantry.Hub.Fleet;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;
using Gantry.Protocol.OpAmp;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Hub.Tests.Storage;

/// <summary>What is gone leaves memory and disk; what comes without end is refused at a bound.</summary>
public class ForgettingTests
{
    [Fact]
    public void Emitters_operations_and_counters_are_forgotten_after_an_hour_but_the_newest_emitter_stays()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        var store = new ObservationStore(time);
        ulong Now() => (ulong)time.GetUtcNow().ToUnixTimeMilliseconds() * 1_000_000;
        store.Take(Reports.Batch(1, full: true).With(
            Reports.Service(1, "cart"), Reports.Source(1, Now(), ("service.instance.id", "a")), Reports.Red(1, 1, Now()), Reports.Point("system.disk.io", 1, Now(), true)));
        time.Advance(TimeSpan.FromMinutes(1));
        store.Take(Reports.Batch(2).With(Reports.Service(1, "cart"), Reports.Source(1, Now(), ("service.instance.id", "b"))));

        time.Advance(TimeSpan.FromMinutes(62));
        store.Forget_NeedsLock(time.GetUtcNow(), new HashSet<string>());

        var service = Assert.Single(store.Services_NeedsLock);
        Assert.Equal("b", Assert.Single(service.Sources.Values).Find("service.instance.id"));
        Assert.Empty(service.Operations);
        Assert.Equal(0, Assert.Single(store.Hosts_NeedsLock).Reducer.Counters);
    }

    [Fact]
    public void A_host_whose_agent_is_connected_is_not_forgotten()
    {
        var time = new FakeTimeProvider();
        var store = new ObservationStore(time);
        store.Take(Reports.Batch(1, full: true).With(Reports.Point("system.memory.utilization", 0.5, 1)));

        Assert.Empty(store.Forget_NeedsLock(time.GetUtcNow().AddHours(25), new HashSet<string> { "h1" }).Hosts);
        Assert.Equal("h1", Assert.Single(store.Forget_NeedsLock(time.GetUtcNow().AddHours(25), new HashSet<string>()).Hosts));
    }

    [Fact]
    public void Hosts_and_emitters_have_a_bound()
    {
        var store = new ObservationStore(new FakeTimeProvider());
        var batch = Reports.Batch(1, full: true).With(Reports.Service(1, "cart"));
        for (var i = 0; i < 50_001; i++)
        {
            batch.HostPoints.Add(new HostPoint { HostId = $"h{i}", Metric = "system.disk.io" });
        }

        for (var i = 0; i < 1001; i++)
        {
            batch.Sources.Add(Reports.Source(1, 1, ("service.instance.id", $"{i}")));
        }

        store.Take(batch);

        Assert.Equal(50_000, store.Hosts_NeedsLock.Count);
        Assert.Equal(1000, Assert.Single(store.Services_NeedsLock).Sources.Count);
    }

    [Fact]
    public void Agents_have_a_bound_and_those_known_are_still_heard()
    {
        var store = new FleetStore(new FakeTimeProvider(), options: new FleetOptions { Admission = new AdmissionRates(Enrol: 1_000_000) });
        AgentToServer Beat(int number) => new() { InstanceUid = new Guid(number, 0, 0, new byte[8]).ToByteArray(bigEndian: true), SequenceNum = 1 };
        for (var i = 0; i < FleetStore.MaxAgents; i++)
        {
            store.Take(Beat(i), AgentConnection.Http);
        }

        Assert.Contains("no more", store.Take(Beat(FleetStore.MaxAgents), AgentConnection.Http).Error!.Message, StringComparison.Ordinal);
        Assert.Null(store.Take(Beat(0), AgentConnection.Http).Error);
        Assert.Equal(FleetStore.MaxAgents, store.Agents_NeedsLock.Count);
    }
}
