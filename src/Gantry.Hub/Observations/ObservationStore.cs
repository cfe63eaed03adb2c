using Gantry.Hub.Observations.Traces;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Observations;

/// <summary>
/// Everything the hub knows from telemetry: hot in memory, written behind by the storage loop. One lock guards it; a batch holds it for
/// microseconds per series, readers copy what they need.
/// </summary>
internal sealed partial class ObservationStore(TimeProvider time)
{
    /// <summary>Characters: a scheme, the longest host name there is, and a port.</summary>
    private const int LongestDoor = 300;

    private readonly Dictionary<ServiceKey, ServiceState> _services = [];
    private readonly Dictionary<string, ServiceState> _servicesById = [];
    private readonly Dictionary<string, HostState> _hosts = [];
    private readonly Dictionary<string, GatewayState> _gateways = [];
    private readonly Dictionary<(string Caller, string Callee), DateTimeOffset> _edges = [];
    private readonly HashSet<(string Caller, string Callee)> _dirtyEdges = [];
    private readonly ChosenTraces _traces = new(time.GetUtcNow());

    public Lock Gate { get; } = new();

    public DateTimeOffset Now => time.GetUtcNow();
    /// <summary>What rules of the Instrumentation Score go by.</summary>
    public Quality.QualityStore Quality { get; } = new();

    public IReadOnlyCollection<ServiceState> Services_NeedsLock => _services.Values;

    public IReadOnlyCollection<HostState> Hosts_NeedsLock => _hosts.Values;

    public IReadOnlyDictionary<(string Caller, string Callee), DateTimeOffset> Edges_NeedsLock => _edges;

    public IReadOnlyCollection<GatewayState> Gateways_NeedsLock => _gateways.Values;

    public ChosenTraces Traces_NeedsLock => _traces;

    public ServiceState? FindService_NeedsLock(string id) => _servicesById.GetValueOrDefault(id);

    public HostState? FindHost_NeedsLock(string id) => _hosts.GetValueOrDefault(id);

    /// <summary>Takes a gateway's report.</summary>
    /// <returns>True when a full report is wanted next, because one before this was missed.</returns>
    public bool Take(ObservationBatch batch)
    {
        var now = time.GetUtcNow();
        lock (Gate)
        {
            var gateway = GatewayOf(batch.GatewayId);
            // The same number again is a report whose answer was lost: counts are cumulative, taking it twice changes nothing.
            var follows = batch.Full || batch.Sequence == gateway.Sequence + 1 || batch.Sequence == gateway.Sequence;
            gateway.Sequence = batch.Sequence;
            gateway.LastSeen = now;
            gateway.HasLeft = batch.IsLast;
            if (batch.Replaces != batch.GatewayId && _gateways.TryGetValue(batch.Replaces, out var replaced) && !replaced.HasLeft)
            {
                (replaced.HasLeft, replaced.Dirty) = (true, true);
            }

            gateway.OtlpHttp = DoorOf(batch.OtlpHttp);
            gateway.Dirty = true;
            var times = new BatchTimes(now, batch.SentUnixNano);
            gateway.Sampling = new GatewaySampling(batch.SamplingRevision, batch.SamplingSinceUnixNano == 0 ? null : times.Of(batch.SamplingSinceUnixNano), batch.SpansSeen, batch.SpansKept);
            gateway.ForwardProblem = batch.ForwardProblem.Length > 0 ? (batch.ForwardProblem, times.Of(batch.ForwardProblemUnixNano)) : null;
            var services = new Dictionary<uint, ServiceState>();
            foreach (var identity in batch.Services)
            {
                if (!services.ContainsKey(identity.Id) && ServiceOf(ServiceKey.Of(identity)) is { } service)
                {
                    services.Add(identity.Id, service);
                }
            }

            foreach (var source in batch.Sources)
            {
                TakeSource(source, services, times);
            }

            foreach (var series in batch.Red.Where(IsSound))
            {
                if (services.TryGetValue(series.Service, out var service))
                {
                    TakeRed(gateway, service, series, times);
                }
            }

            TakeEdges(gateway, batch.Edges, services, times);
            TakeFindings(gateway, batch.Findings, services, times);
            Quality.Take(batch, services, times);
            TakeHosts(batch.HostPoints, now);
            _traces.Take(batch, services, times, (caller, callee) => Joined(caller, callee, now));
            return !follows;
        }
    }

    /// <summary>Inbound requests that the gateways counted since they started, added up: from spans, or from metrics for a service that sends no spans.</summary>
    public ulong InboundRequests_NeedsLock(ServiceState service)
    {
        ulong Sum(RedSource source)
        {
            ulong sum = 0;
            foreach (var gateway in _gateways.Values)
            {
                sum += gateway.Inbound.GetValueOrDefault((service.Key, source));
            }

            return sum;
        }

        var (spans, metrics) = (Sum(RedSource.Spans), Sum(RedSource.Metrics));
        return metrics > 0 && (spans == 0 || service.MayLackSpans(time.GetUtcNow())) ? metrics : spans;
    }

    /// <summary>Before evidence is loaded that another node has put together.</summary>
    public void Clear_NeedsLock()
    {
        _services.Clear();
        _servicesById.Clear();
        _hosts.Clear();
        _gateways.Clear();
        _edges.Clear();
        _dirtyEdges.Clear();
        _traces.Clear(time.GetUtcNow());
        Quality.Clear_NeedsLock();
        (_edgeCount, _edgeTotals, _findingCount, _findingTotals) = (0, 0, 0, 0);
    }

    public void Restore(GatewayState gateway)
    {
        _gateways[gateway.Id] = gateway;
        if (!gateway.HasLeft)
        {
            _traces.Remember(gateway.Id, gateway.LastSeen);
        }
    }

    public void Restore(HostState host) => _hosts[host.Id] = host;

    public void Restore(ServiceState service)
    {
        _services[service.Key] = service;
        _servicesById[service.Id] = service;
    }

    public void RestoreEdge(string caller, string callee, DateTimeOffset at) => _edges[(caller, callee)] = at;

    /// <summary>Edges seen since the last call.</summary>
    public List<((string Caller, string Callee) Edge, DateTimeOffset At)> TakeDirtyEdges_NeedsLock()
    {
        var dirty = _dirtyEdges.Select(edge => (edge, _edges[edge])).ToList();
        _dirtyEdges.Clear();
        return dirty;
    }

    public void EdgeIsDirty_NeedsLock(string caller, string callee)
    {
        if (_edges.ContainsKey((caller, callee)))
        {
            _dirtyEdges.Add((caller, callee));
        }
    }

    /// <summary>Where a gateway says that services are to send. It comes to stand in commands and settings, so nothing is taken but an address.</summary>
    /// <returns>"http://127.0.0.1:4318"; "" for what is none.</returns>
    private static string DoorOf(string told) =>
        told.Length <= LongestDoor && Uri.TryCreate(told, UriKind.Absolute, out var door) && (door.Scheme == Uri.UriSchemeHttp || door.Scheme == Uri.UriSchemeHttps) && door.UserInfo.Length == 0
            ? door.GetLeftPart(UriPartial.Authority)
            : "";

    private GatewayState GatewayOf(string id)
    {
        if (!_gateways.TryGetValue(id, out var gateway))
        {
            _gateways.Add(id, gateway = new GatewayState(id));
        }

        return gateway;
    }

    /// <summary>Null when the hub holds as many as it can.</summary>
    private ServiceState? ServiceOf(ServiceKey key)
    {
        if (!_services.TryGetValue(key, out var service) && _services.Count < MaxServices)
        {
            service = new ServiceState(key);
            _services.Add(key, service);
            _servicesById.TryAdd(service.Id, service);
        }

        return service;
    }

    /// <summary>Null when the hub holds as many as it can.</summary>
    private HostState? HostOf(string id)
    {
        if (!_hosts.TryGetValue(id, out var host) && _hosts.Count < MaxHosts)
        {
            _hosts.Add(id, host = new HostState(id));
        }

        return host;
    }

    private void TakeHosts(List<HostPoint> points, DateTimeOffset now)
    {
        // Not a number is no measurement, and JSON has no word for it: neither a row nor an answer could be written.
        foreach (var group in points.Where(point => point.HostId.Length > 0 && double.IsFinite(point.Value)).GroupBy(point => point.HostId))
        {
            if (HostOf(group.Key) is not { } host)
            {
                continue;
            }

            host.Name = group.First().HostName;
            var use = host.Reducer.Reduce([.. group], now, host.Saw);
            if (use is not null)
            {
                host.Add(use);
                host.LastSeen = use.At;
                host.Dirty = true;
            }
        }
    }
}

/// <summary>A gateway that reports, and the last cumulative counts that it told.</summary>
internal sealed class GatewayState(string id)
{
    public string Id { get; } = id;

    public ulong Sequence { get; set; }

    public DateTimeOffset LastSeen { get; set; }

    /// <summary>It stopped, and had told everything.</summary>
    public bool HasLeft { get; set; }

    /// <summary>Where it takes OTLP over HTTP; "" until it has reported since this hub started.</summary>
    public string OtlpHttp { get; set; } = "";

    public bool Dirty { get; set; } = true;

    public Dictionary<SeriesKey, SeriesTotal> Totals { get; } = [];

    /// <summary>By the edge's id.</summary>
    public Dictionary<string, SeriesTotal> EdgeTotals { get; } = [];

    public Dictionary<FindingKey, FindingTotal> FindingTotals { get; } = [];

    /// <summary>Inbound requests by service and by what they were counted from.</summary>
    public Dictionary<(ServiceKey Service, RedSource Source), ulong> Inbound { get; } = [];

    /// <summary>Why its destination does not accept, and since when; null while it does.</summary>
    public (string Reason, DateTimeOffset Since)? ForwardProblem { get; set; }

    /// <summary>The policy that it last said it has in force; null until it has reported since this hub started.</summary>
    public GatewaySampling? Sampling { get; set; }

    public void AddInbound(ServiceKey service, RedSource source, ulong calls) =>
        Inbound[(service, source)] = Inbound.GetValueOrDefault((service, source)) + calls;
}

/// <param name="Revision">"" where no policy was ever declared.</param>
/// <param name="Seen">Spans since then.</param>
/// <param name="Kept">Of those.</param>
internal sealed record GatewaySampling(string Revision, DateTimeOffset? Since, ulong Seen, ulong Kept);

internal readonly record struct SeriesKey(ServiceKey Service, string Operation, int Kind, int Status, RedSource Source);
