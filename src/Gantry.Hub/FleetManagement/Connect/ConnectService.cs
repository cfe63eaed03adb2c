namespace Gantry.Hub.FleetManagement.Connect;

/// <summary>The methods under one name: "collector.v1.CollectorService".</summary>
internal interface IConnectService
{
    string Name { get; }

    IEnumerable<ConnectMethod> Methods { get; }
}

/// <summary>All methods, found by the end of a path: whatever a proxy left before it is passed over, for clients append to the base URL that they have.</summary>
internal sealed class ConnectServices(IEnumerable<IConnectService> services)
{
    private readonly HashSet<string> _services = [.. services.Select(service => service.Name)];
    private readonly Dictionary<string, ConnectMethod> _methods = services.SelectMany(service => service.Methods).ToDictionary(method => method.Path);

    /// <param name="method">Null when the service has no such method.</param>
    /// <returns>False: the path is not one of these services at all.</returns>
    public bool TryFind(string path, out ConnectMethod? method)
    {
        method = null;
        var last = path.LastIndexOf('/');
        var before = last > 0 ? path.LastIndexOf('/', last - 1) : -1;
        if (before < 0 || !_services.Contains(path[(before + 1)..last]))
        {
            return false;
        }

        _methods.TryGetValue(path[(before + 1)..], out method);
        return true;
    }
}
