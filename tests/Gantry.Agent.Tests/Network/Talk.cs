using System.Net;
using System.Net.Sockets;

namespace Gantry.Agent.Tests.Network;

/// <summary>A known load: requests and responses of so many bytes, over real sockets.</summary>
internal static class Talk
{
    public static TcpListener Listen()
    {
        var listener = new TcpListener(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Start(512);
        return listener;
    }

    public static string PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port.ToString();

    /// <summary>Accepts so many connections, one after the other, reads the request of each, answers and closes.</summary>
    /// <param name="waitsForEnd">The client closes first.</param>
    public static async Task ServeAsync(TcpListener listener, int connections, long request, int response, bool waitsForEnd)
    {
        for (var i = 0; i < connections; i++)
        {
            using var peer = await listener.AcceptSocketAsync();
            await ReadAsync(peer, request);
            await SendAsync(peer, response);
            if (waitsForEnd)
            {
                Assert.Equal(0, await peer.ReceiveAsync(new byte[1]));
            }
        }
    }

    /// <param name="waitsForEnd">The server closes first.</param>
    public static async Task AskAsync(EndPoint server, int connections, long request, int response, bool waitsForEnd)
    {
        for (var i = 0; i < connections; i++)
        {
            using var client = await ConnectAsync(server);
            await SendAsync(client, request);
            await ReadAsync(client, response);
            if (waitsForEnd)
            {
                Assert.Equal(0, await client.ReceiveAsync(new byte[1]));
            }
        }
    }

    public static async Task<Socket> ConnectAsync(EndPoint server)
    {
        var client = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(server);
        return client;
    }

    public static async Task SendAsync(Socket socket, long bytes)
    {
        var piece = new byte[Math.Min(bytes, 64 * 1024)];
        for (long sent = 0; sent < bytes;)
        {
            sent += await socket.SendAsync(piece.AsMemory(0, (int)Math.Min(piece.Length, bytes - sent)));
        }
    }

    public static async Task ReadAsync(Socket socket, long bytes)
    {
        var buffer = new byte[64 * 1024];
        while (bytes > 0)
        {
            var read = await socket.ReceiveAsync(buffer);
            Assert.True(read > 0, "the other end closed early");
            bytes -= read;
        }
    }
}
