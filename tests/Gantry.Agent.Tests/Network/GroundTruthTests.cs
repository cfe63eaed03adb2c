using System.Net;
using System.Net.Sockets;
using Gantry.Agent.Network;

namespace Gantry.Agent.Tests.Network;

/// <summary>What the view counts against what really was sent.</summary>
public sealed class GroundTruthTests
{
    private static readonly IPEndPoint Any = new(IPAddress.Loopback, 0);

    [Fact]
    public async Task Bytes_and_connections_of_many_short_connections_are_counted_at_both_ends()
    {
        const int Connections = 1500;
        const int Request = 300;
        const int Response = 2000;
        using var watched = new Watched();
        using var listener = new TcpListener(Any);
        listener.Start(512);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port.ToString();
        watched.Sample();

        var serving = ServeAsync(listener, Connections, Request, Response);
        for (var i = 0; i < Connections; i++)
        {
            using var client = await ConnectAsync(listener);
            await client.SendAsync(new byte[Request]);
            await ReadAsync(client, Response);
        }

        await serving;
        await watched.UntilAsync(() => watched.Sum(NetworkMetrics.Closed, "client", port) + watched.Sum(NetworkMetrics.Closed, "server", port) == 2 * Connections, "every connection closed at both ends");

        foreach (var (role, sent, received) in ((string, long, long)[])[("client", Request, Response), ("server", Response, Request)])
        {
            TestContext.Current.SendDiagnosticMessage($"{role}: {watched.Sum(NetworkMetrics.Io, role, port, "transmit")} {watched.Sum(NetworkMetrics.Io, role, port, "receive")}");
            Assert.Equal(Connections, watched.Sum(NetworkMetrics.Opened, role, port));
            Assert.Equal(sent * Connections, watched.Sum(NetworkMetrics.Io, role, port, "transmit"));
            Assert.InRange(watched.Sum(NetworkMetrics.Io, role, port, "receive"), received * Connections * 0.99, received * Connections * 1.01);
            Assert.Equal(0, watched.Sum(NetworkMetrics.Failed, role, port));
            Assert.Equal(0, watched.Sum(NetworkMetrics.Active, role, port));
        }
    }

    private static async Task ServeAsync(TcpListener listener, int connections, int request, int response)
    {
        for (var i = 0; i < connections; i++)
        {
            using var peer = await listener.AcceptSocketAsync();
            await ReadAsync(peer, request);
            await peer.SendAsync(new byte[response]);
        }
    }

    private static async Task<Socket> ConnectAsync(TcpListener listener)
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndpoint);
        return client;
    }

    private static async Task ReadAsync(Socket socket, long bytes)
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
