using System.Net;
using System.Net.Sockets;
using Gantry.Cli.Serve;

namespace Gantry.Cli.Demo;

/// <summary>Where the shop's services listen.</summary>
internal static class Ports
{
    /// <summary>The usual port, so that it stays the same from run to run; a free one where somebody has that.</summary>
    public static int Take(int usual) => Listening.IsTaken(new IPEndPoint(IPAddress.Loopback, usual)) ? AnyFree() : usual;

    /// <summary>By connecting only: a request would be counted.</summary>
    public static async Task<bool> AnswersAsync(int port, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>One that nobody listens on now.</summary>
    public static int AnyFree()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
