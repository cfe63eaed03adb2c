using System.Net;
using Gantry.Hub.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gantry.Hub.Nodes;

/// <summary>
/// This hub process among the nodes on one database, and what it knows of the others. Alone, with SQLite, it observes by itself and there is nobody else.
/// </summary>
internal sealed class Node(HubOptions options, HubDatabase database, IServer server)
{
    private volatile IReadOnlyDictionary<string, string> _others = new Dictionary<string, string>();
    private volatile string _observer = "";
    private volatile bool _observes = !database.Engine.IsShared;

    /// <summary>Another with each start: a process that is gone does not come back.</summary>
    public string Id { get; } = $"{Guid.NewGuid():n}";

    public bool IsShared => database.Engine.IsShared;

    /// <summary>This node takes the gateways' reports, puts evidence together, and tidies up; one node at a time does.</summary>
    public bool Observes
    {
        get => _observes;
        set => _observes = value;
    }

    /// <summary>Where the node that observes is reached; null while there is none.</summary>
    public Uri? Observer => AddressOf(_observer);

    /// <summary>Where others reach this one; "" before the doors are open.</summary>
    public string Address => options.Advertise is { } named ? Trim(named)
        : server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is not { } listening ? ""
        : IPAddress.Any.Equals(options.Listen.Address) || IPAddress.IPv6Any.Equals(options.Listen.Address) ? Trim(new UriBuilder(listening.Replace("[::]", "any", StringComparison.Ordinal)) { Host = Dns.GetHostName() }.Uri)
        : listening;

    /// <summary>Null when that node is gone.</summary>
    public Uri? AddressOf(string id) => _others.TryGetValue(id, out var address) && Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri : null;

    public bool IsAlive(string id) => _others.ContainsKey(id);

    public void Learn(IReadOnlyDictionary<string, string> alive, string observer)
    {
        (_others, _observer) = (alive, observer);
    }

    private static string Trim(Uri address) => address.ToString().TrimEnd('/');
}
