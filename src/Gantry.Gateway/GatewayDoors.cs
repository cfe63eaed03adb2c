using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gantry.Gateway;

/// <summary>Where the gateway listens, known once it has started; a port that was asked for as 0 has its number here.</summary>
internal sealed class GatewayDoors(IServer server)
{
    public Uri Grpc => Addresses.First();

    public Uri Http => Addresses.Last();

    /// <summary>In the order in which they were opened: all of the gRPC port's endpoints, then all of the HTTP port's.</summary>
    private IEnumerable<Uri> Addresses => server.Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address));
}
