using System.Net;
using Gantry.Gateway;
using Gantry.Hub;
using Gantry.Hub.Storage;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Serve;

/// <summary>Hub and gateway from the command line's values, with what is wrong said in one line; and the doors that they open.</summary>
internal static class Parts
{
    public static HubServer Hub(IPEndPoint listen, string folder, Action<ILoggingBuilder> logging, TimeProvider time)
    {
        var options = new HubOptions { Listen = listen, DataFolder = folder };
        Refuse(options.Validate());
        try
        {
            return new HubServer(options, logging, time);
        }
        catch (HubStorageException exception)
        {
            throw new CommandFailure(exception.Message);
        }
    }

    public static GatewayOptions Gateway(GatewayOptions options)
    {
        Refuse(options.Validate());
        return options;
    }

    public static Door HubDoor(IPEndPoint listen) => new("the hub", "--hub-port", listen);

    public static IReadOnlyList<Door> GatewayDoors(IPEndPoint grpc, IPEndPoint http) =>
        [new Door("OTLP/gRPC", "--grpc-port", grpc), new Door("OTLP/HTTP", "--http-port", http)];

    private static void Refuse(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new CommandFailure(string.Join("; ", problems));
        }
    }
}
