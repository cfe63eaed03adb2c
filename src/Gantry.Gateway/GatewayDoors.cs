using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gantry.Gateway;

/// <summary>Where the gateway listens, known once it has started; a port that was asked for as 0 has its number here.</summary>
internal sealed class GatewayDoors(IServer server)
{
    public Uri Grpc => AddressOf(0);

    public Uri Http => AddressOf(1);

    /// <summary>In the order in which they were opened.</summary>
    private Uri AddressOf(int index) => new(server.Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(index));
}
