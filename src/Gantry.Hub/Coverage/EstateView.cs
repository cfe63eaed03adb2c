using Gantry.Estate.Ladder;
using Gantry.Estate.Red;
using Gantry.Estate.Use;
using Gantry.Hub.Coverage.Catalogue;
using Gantry.Hub.Coverage.Changes;
using Gantry.Hub.Coverage.Edges;
using Gantry.Hub.Coverage.Findings;
using Gantry.Hub.Coverage.Processes;
using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Fleet;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Hub.Coverage;

/// <summary>
/// The estate as the doors see it, put together from telemetry and from the fleet. A snapshot is made when somebody asks, at most
/// once in <see cref="Fresh"/>, and by one asker; the others get the one before.
/// </summary>
internal sealed class EstateView(
    ObservationStore observations, FleetStore fleet, Storage.SeriesReader series, Func<Sampling.SamplingView> sampling, Quality.Scores scores, Func<ServiceIndex> declared, RegressionBoard regressions,
    TimeProvider time) : EstateQueries
{
    /// <summary>A viewer cannot tell; a hundred viewers cost as much as one.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(500);

    private readonly Lock _building = new();
    private volatile Built? _current;

    public override EstateSnapshot Current => Within(Fresh);

    /// <summary>For who is not a person, and needs no newer one.</summary>
    public EstateSnapshot Within(TimeSpan age)
    {
        var current = _current;
        // Not by the wall clock: set back by an hour, it would keep one snapshot for that hour.
        if (current is not null && (time.GetElapsedTime(current.Timestamp) < age || !_building.TryEnter()))
        {
            return current.Snapshot;
        }

        if (current is null)
        {
            _building.Enter();
        }

        try
        {
            return (_current = new Built(time.GetTimestamp(), Build())).Snapshot;
        }
        finally
        {
            _building.Exit();
        }
    }

    public override IReadOnlyList<UsePoint> HostUse(string hostId, TimeSpan span)
    {
        var from = time.GetUtcNow() - span;
        if (span > RedWindow.Kept)
        {
            return series.HostUse(hostId, from);
        }

        lock (observations.Gate)
        {
            return [.. (observations.FindHost_NeedsLock(hostId)?.Points ?? []).Where(point => point.At >= from)];
        }
    }

    public override IReadOnlyList<RedPoint> ServiceRed(string serviceId, TimeSpan span)
    {
        var now = time.GetUtcNow();
        RedSource? source;
        List<RedSlot> slots;
        lock (observations.Gate)
        {
            var service = observations.FindService_NeedsLock(TelemetryOf(serviceId));
            source = service?.BestSource(now);
            slots = source is { } best ? [.. service!.Inbound[best].Slots.Select(RedChart.Copy)] : [];
        }

        if (span > RedWindow.Kept && source is { } stored)
        {
            slots = series.ServiceRed(TelemetryOf(serviceId), stored, now - span, slots);
        }

        return RedChart.Points(slots, ServiceState.Interval, now - span, now);
    }

    public override IReadOnlyList<OperationRow> Operations(string serviceId)
    {
        lock (observations.Gate)
        {
            if (observations.FindService_NeedsLock(TelemetryOf(serviceId)) is not { } service)
            {
                return [];
            }

            var now = time.GetUtcNow();
            var since = now - RedWindow.Kept;
            var best = service.BestSource(now);
            return [.. service.Operations
                .Where(item => item.Value.LastSeen > since)
                .GroupBy(item => (item.Key.Name, item.Key.Kind))
                // The same operation counted from spans and from metrics is shown once.
                .Select(group => group.OrderBy(item => item.Key.Source == best ? 0 : 1).First())
                .Select(item => Row(item.Key.Name, item.Key.Kind, item.Value, since))
                .OrderByDescending(row => row.Calls)];
        }
    }

    public override IReadOnlyList<RedPoint> OperationRed(string serviceId, string operation, TimeSpan span)
    {
        var now = time.GetUtcNow();
        var from = now - (span < RedWindow.Kept ? span : RedWindow.Kept);
        List<RedSlot> slots;
        lock (observations.Gate)
        {
            var service = observations.FindService_NeedsLock(TelemetryOf(serviceId));
            var best = service?.BestSource(now);
            slots = [.. (service?.Operations ?? [])
                .Where(item => item.Key.Name == operation && SpanKinds.NameOf(item.Key.Kind) is "SERVER" or "CONSUMER")
                .OrderBy(item => item.Key.Source == best ? 0 : 1)
                .Select(item => item.Value.Window.Slots.Select(RedChart.Copy).ToList())
                .FirstOrDefault() ?? []];
        }

        return RedChart.Points(slots, ServiceState.OperationInterval, from, now);
    }

    public override ServiceNeighbours Neighbours(string serviceId)
    {
        lock (observations.Gate)
        {
            var snapshot = _current?.Snapshot;
            var own = RowIdOf(serviceId);
            string RowIdOf(string id) => snapshot?.Aliases.GetValueOrDefault(id) ?? id;
            Neighbour Of(string id, IEnumerable<DateTimeOffset> at) => new(id, snapshot?.FindService(id)?.Name ?? observations.FindService_NeedsLock(id)?.Key.Name ?? id, at.Max());
            var edges = observations.Edges_NeedsLock.Select(edge => (Caller: RowIdOf(edge.Key.Caller), Callee: RowIdOf(edge.Key.Callee), At: edge.Value)).Where(edge => edge.Caller != edge.Callee).ToList();
            return new ServiceNeighbours(
                [.. edges.Where(edge => edge.Caller == own).GroupBy(edge => edge.Callee, edge => edge.At).Select(group => Of(group.Key, group))],
                [.. edges.Where(edge => edge.Callee == own).GroupBy(edge => edge.Caller, edge => edge.At).Select(group => Of(group.Key, group))]);
        }
    }

    private EstateSnapshot Build()
    {
        var now = time.GetUtcNow();
        List<AgentRow> agents;
        List<HostInventory> inventories;
        lock (fleet.Gate)
        {
            agents = [.. AgentRows.Rows_NeedsLock(fleet, now)];
            // A list that is as old as a silent agent says nothing about what runs now.
            inventories = [.. fleet.Inventories_NeedsLock.Where(inventory => now - inventory.Received < Ladder.FreshFor)];
        }

        var processes = inventories.SelectMany(inventory => inventory.Processes.Processes.Select(fact => new HostProcess(inventory, fact))).ToList();
        var states = new ProcessStates(now);
        List<HostRow> hosts;
        List<ServiceRow> services;
        var index = declared();
        DateTimeOffset? lastGateway;
        string otlpHttp;
        EdgeEvidence edges;
        List<FindingRow> findings;
        List<(string Reason, DateTimeOffset Since)> forwardProblems;
        IReadOnlyList<(string Gateway, DateTimeOffset Since)> silent;
        lock (observations.Gate)
        {
            hosts = HostRows.Build_NeedsLock(observations, agents, inventories, now);
            var visible = hosts.Where(host => host.Rung >= (int)Rung.Infrastructure).Select(host => host.Id).ToHashSet();
            var gateway = observations.Gateways_NeedsLock.MaxBy(gateway => gateway.LastSeen);
            lastGateway = gateway?.LastSeen;
            silent = observations.Traces_NeedsLock.Silent(now);
            forwardProblems = [.. observations.Gateways_NeedsLock.Where(item => now - item.LastSeen < Ladder.FreshFor).Select(item => item.ForwardProblem).OfType<(string, DateTimeOffset)>()];
            otlpHttp = gateway?.OtlpHttp is { Length: > 0 } door ? door : StepScope.DefaultOtlpHttp;
            services = new ServiceRows(now, observations, processes, states, visible, index).Build_NeedsLock();
            edges = EdgeEvidence.Copy_NeedsLock(observations, now);
            findings = FindingRows.Build_NeedsLock(observations, now);
        }

        var catalogue = new CatalogueRows(index, edges.Traces, now);
        services = catalogue.Merge(services);
        edges = edges.Renamed(catalogue.Aliases);
        findings = catalogue.Aliases.Count == 0 ? findings : findings.ConvertAll(finding => catalogue.Aliases.TryGetValue(finding.ServiceId, out var id) ? finding with { ServiceId = id } : finding);
        hosts = [.. hosts.Select(host => HostRows.WithServices(host, services)).OrderBy(host => host.Name, StringComparer.Ordinal)];
        services = [.. services.Select(service => service with { Score = scores.Short(service.SeriesId) }).OrderBy(service => service.Name, StringComparer.Ordinal).ThenBy(service => service.Id, StringComparer.Ordinal)];
        agents = [.. agents.OrderBy(agent => agent.HostName, StringComparer.Ordinal).ThenBy(agent => agent.Kind, StringComparer.Ordinal)];
        var attention = FindingAttentions.Merge(RegressionAttentions.Merge(Attentions.Find(hosts, services, agents, lastGateway, silent, forwardProblems, now), regressions.Current), findings, now);
        var resolved = EdgeRows.Build(edges, services, _current?.Snapshot.Edges ?? []);
        return new EstateSnapshot(now, hosts, services, agents, Summarise(hosts, services, agents, attention, now))
        {
            Edges = resolved.Rows,
            Peers = resolved.Peers,
            Findings = findings,
            Aliases = catalogue.Aliases,
            Sampling = sampling(),
            ProcessCount = processes.Count,
            OtlpHttp = otlpHttp,
            AllProcesses = new Lazy<IReadOnlyList<ProcessRow>>(() => [.. processes.Select(states.Row)]),
        };
    }

    /// <summary>A service that is several in the observations is shown by the best of them: all saw the same requests.</summary>
    private string TelemetryOf(string serviceId) => _current?.Snapshot.FindService(serviceId) is { } row ? row.SeriesId : serviceId;

    private static Summary Summarise(
        List<HostRow> hosts, List<ServiceRow> services, List<AgentRow> agents, IReadOnlyList<Attention> attention, DateTimeOffset now) => new(
        [.. Enumerable.Range(0, 2).Select(rung => hosts.Count(host => host.Rung == rung))],
        [.. Enumerable.Range(0, 5).Select(rung => services.Count(service => service.Rung == rung))],
        hosts.Count(host => host.Stale),
        services.Count(service => service.Stale),
        agents.Count,
        agents.Count(agent => agent.Connected),
        attention,
        Step.None,
        now);

    private static OperationRow Row(string name, int kind, OperationState operation, DateTimeOffset since)
    {
        var sum = new RedSlot(0);
        foreach (var slot in operation.Window.Slots.Where(slot => operation.Window.StartOf(slot.Slot + 1) > since))
        {
            sum.Add(slot.Calls, slot.Errors, slot.Buckets);
        }

        return new OperationRow(
            name, SpanKinds.NameOf(kind), sum.Calls, sum.Errors, DurationBuckets.Quantile(sum.Buckets, 0.5), DurationBuckets.Quantile(sum.Buckets, 0.95), operation.LastSeen);
    }

    /// <param name="Timestamp">Of the monotonic clock, when it was made.</param>
    private sealed record Built(long Timestamp, EstateSnapshot Snapshot);
}
