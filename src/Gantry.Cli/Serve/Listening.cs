using System.Net;
using System.Net.Sockets;
using Gantry.Gateway.Forward.Spool;
using Microsoft.AspNetCore.Connections;

namespace Gantry.Cli.Serve;

/// <summary>A door that a server is about to open.</summary>
/// <param name="Name">For people: "OTLP/gRPC".</param>
/// <param name="Option">The option that moves it.</param>
internal sealed record Door(string Name, string Option, IPEndPoint EndPoint);

/// <summary>Starts servers, and says which port is the trouble when one cannot listen.</summary>
internal static class Listening
{
    /// <summary>Before anything is started: several parts, and the last one's port is taken, would be a start and a stop for nothing.</summary>
    /// <exception cref="CommandFailure">A port is taken.</exception>
    public static void Check(params ReadOnlySpan<Door> doors)
    {
        foreach (var door in doors)
        {
            if (IsTaken(door.EndPoint))
            {
                throw Taken(door);
            }
        }
    }

    /// <exception cref="CommandFailure">A port is taken or may not be used.</exception>
    public static async Task StartAsync(Func<CancellationToken, Task> start, IReadOnlyList<Door> doors, CancellationToken cancellation)
    {
        try
        {
            await start(cancellation);
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            throw Taken(doors.FirstOrDefault(door => IsTaken(door.EndPoint)) ?? doors[0]);
        }
        catch (SpoolException exception)
        {
            throw new CommandFailure(exception.Message);
        }
        catch (SocketException exception)
        {
            throw new CommandFailure($"cannot listen for {Names(doors)}: {exception.Message}; choose another port with {Options(doors)}");
        }
    }

    private static CommandFailure Taken(Door door) => new(
        $"port {door.EndPoint.Port} ({door.Name}) is taken by another program; stop it, or choose another port with {door.Option} PORT (0: any free one)");

    /// <summary>Does another program listen there? (Kestrel's message says it only in words.)</summary>
    public static bool IsTaken(IPEndPoint endPoint)
    {
        if (endPoint.Port == 0)
        {
            return false;
        }

        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
            return false;
        }
        catch (SocketException exception)
        {
            // One that may not be used is for the server to meet.
            return exception.SocketErrorCode == SocketError.AddressAlreadyInUse;
        }
    }

    private static string Names(IReadOnlyList<Door> doors) => string.Join(" and ", doors.Select(door => $"{door.Name} on {door.EndPoint}"));

    private static string Options(IReadOnlyList<Door> doors) => string.Join(" or ", doors.Select(door => door.Option));
}
