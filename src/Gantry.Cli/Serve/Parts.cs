using System.Net;
using Gantry.Gateway;
using Gantry.Gateway.Forward;
using Gantry.Hub;
using Gantry.Hub.Storage;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Serve;

/// <summary>Hub and gateway from the command line's values, with what is wrong said in one line; and the doors that they open.</summary>
internal static class Parts
{
    public static HubServer Hub(HubOptions options, Action<ILoggingBuilder> logging, TimeProvider time)
    {
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

    /// <param name="data">Has the spools of destinations that name no folder of their own.</param>
    /// <param name="receive">Has what else is set; null: nothing.</param>
    public static GatewayOptions Gateway(
        IPEndPoint grpc, IPEndPoint http, Uri hub, IReadOnlyList<DestinationOptions> forward, string data, GatewayOptions? receive = null)
    {
        var options = (receive ?? new GatewayOptions()) with
        {
            Grpc = grpc,
            Http = http,
            Hub = hub,
            Destinations = [.. forward.Select(destination => InFolder(destination, data))],
        };
        Refuse(options.Validate());
        return options;
    }

    public static Door HubDoor(IPEndPoint listen) => new("the hub", "--hub-port", listen);

    public static IReadOnlyList<Door> GatewayDoors(IPEndPoint grpc, IPEndPoint http) =>
        [new Door("OTLP/gRPC", "--grpc-port", grpc), new Door("OTLP/HTTP", "--http-port", http)];

    private static DestinationOptions InFolder(DestinationOptions destination, string data) => destination.Spool is not { Folder.Length: 0 } spool ? destination
        : destination with { Spool = spool with { Folder = Path.Combine(data, "spool", destination.Name) } };

    private static void Refuse(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new CommandFailure(string.Join("; ", problems));
        }
    }
}
