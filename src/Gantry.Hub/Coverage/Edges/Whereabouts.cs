namespace Gantry.Hub.Coverage.Edges;

/// <summary>A socket in LISTEN, and the row of the process that holds it.</summary>
/// <param name="ContainerId">A container's ports are not its host's: "" for a process that is in none.</param>
internal sealed record Listener(ServiceRow Row, string HostId, string ContainerId, PeerAddress Bound);

/// <summary>Where services run and listen: from process inventories, and from the resources of their telemetry.</summary>
internal sealed class Whereabouts
{
    private readonly ILookup<(string HostId, uint Port), Listener> _byHost;
    private readonly ILookup<PeerAddress, Listener> _byBound;
    private readonly ILookup<string, Place> _places;
    private readonly ILookup<string, string> _hostIds;
    private readonly HashSet<string> _inventoried;
    private readonly ILookup<string, ServiceRow> _byPod;
    private readonly ILookup<string, ServiceRow> _byContainer;
    private readonly ILookup<string, ServiceRow> _byOwnHostName;
    private readonly ILookup<string, ServiceRow> _byHostName;

    public Whereabouts(IReadOnlyList<Place> places, IReadOnlyList<ServiceRow> services, IReadOnlyDictionary<string, ServiceRow> byId)
    {
        var listeners = services.SelectMany(row => row.Processes.SelectMany(process =>
            process.Listening.Select(bound => new Listener(row, process.HostId, process.ContainerId, PeerAddress.Parse(bound))))).ToList();
        _byHost = listeners.ToLookup(listener => (listener.HostId, listener.Bound.Port));
        _byBound = listeners.Where(listener => !listener.Bound.IsAny && !listener.Bound.IsLoopback).ToLookup(listener => listener.Bound);
        _places = places.ToLookup(place => place.ServiceId);
        _inventoried = [.. services.SelectMany(row => row.Processes.Select(process => process.HostId))];
        _hostIds = services.SelectMany(row => row.Processes.Select(process => (Name: process.HostName, Id: process.HostId)))
            .Concat(places.Where(place => !place.IsContained && place.Of("host.id").Length > 0).Select(place => (Name: place.Of("host.name"), Id: place.Of("host.id"))))
            .Distinct()
            .ToLookup(host => host.Name.ToLowerInvariant(), host => host.Id);
        _byPod = By(place => place.Of("k8s.pod.name"));
        _byContainer = By(place => place.Of("container.name"), place => Short(place.Of("container.id")));
        _byOwnHostName = By(place => place.IsContained ? place.Of("host.name") : "");
        _byHostName = By(place => place.IsContained ? "" : place.Of("host.name"));

        ILookup<string, ServiceRow> By(params Func<Place, string>[] keys) => keys
            .SelectMany(key => places.Select(place => (Key: key(place).ToLowerInvariant(), Row: byId.GetValueOrDefault(place.ServiceId))))
            .Where(item => item.Key.Length > 0 && item.Row is not null)
            .DistinctBy(item => (item.Key, item.Row!.Id))
            .ToLookup(item => item.Key, item => item.Row!);
    }

    /// <summary>Hosts and containers that a service runs in, as far as is known: inventories first, then its own resources.</summary>
    public IReadOnlyList<(string HostId, string ContainerId)> Of(ServiceRow service)
    {
        var seen = service.Processes.Select(process => (process.HostId, process.ContainerId)).Distinct().ToList();
        return seen.Count > 0
            ? seen
            : [.. _places[service.Id].Select(place => (HostOf(place), place.Of("container.id"))).Where(item => item.Item1.Length > 0).Distinct()];
    }

    /// <summary>What a loopback address means to whoever runs there.</summary>
    public IEnumerable<ServiceRow> OnLoopback((string HostId, string ContainerId) where, uint port) => _byHost[(where.HostId, port)]
        .Where(listener => listener.ContainerId == where.ContainerId && (listener.Bound.IsLoopback || listener.Bound.IsAny))
        .Select(listener => listener.Row);

    public IEnumerable<ServiceRow> BoundTo(PeerAddress address) => _byBound[address].Select(listener => listener.Row);

    /// <summary>Processes that listen on a port of a host of that name, and can be reached from elsewhere.</summary>
    public IEnumerable<ServiceRow> OnHost(string hostName, uint port) => _hostIds[hostName]
        .SelectMany(id => _byHost[(id, port)])
        .Where(listener => listener.ContainerId.Length == 0 && !listener.Bound.IsLoopback)
        .Select(listener => listener.Row);

    public IEnumerable<ServiceRow> InPod(string name) => _byPod[name];

    /// <summary>By name, or by the first twelve digits of its id, which Docker makes its host name.</summary>
    public IEnumerable<ServiceRow> InContainer(string name) => _byContainer[Short(name)];

    /// <summary>Services whose container or pod has that host name.</summary>
    public IEnumerable<ServiceRow> WithOwnHostName(string name) => _byOwnHostName[name];

    /// <summary>Services that say that they run on that host, when no inventory could say more.</summary>
    public IEnumerable<ServiceRow> SayingHost(string name) => _hostIds[name].Any(_inventoried.Contains) ? [] : _byHostName[name];

    public bool IsInNamespace(ServiceRow service, string name) =>
        service.Namespace == name || _places[service.Id].Any(place => place.Of("k8s.namespace.name") == name);

    public bool HasNoNamespace(ServiceRow service) =>
        service.Namespace.Length == 0 && _places[service.Id].All(place => place.Of("k8s.namespace.name").Length == 0);

    private string HostOf(Place place) =>
        place.Of("host.id") is { Length: > 0 } id ? id : _hostIds[place.Of("host.name").ToLowerInvariant()].Distinct().ToList() is [var only] ? only : "";

    private static string Short(string container) =>
        container.Length > 12 && container.All(char.IsAsciiHexDigit) ? container[..12] : container;
}
