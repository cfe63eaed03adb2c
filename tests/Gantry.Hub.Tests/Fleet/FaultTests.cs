using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Gantry.Hub.Coverage;
using Gantry.Hub.Fleet;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.WebSockets;
using Gantry.Protocol.Wire;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Fleet;

/// <summary>What one peer does wrong ends that peer's connection, and the others notice nothing.</summary>
public class FaultTests
{
    [Fact]
    public async Task Ten_thousand_malformed_messages_end_their_connections_and_no_other()
    {
        await using var hub = await HubFixture.StartAsync();
        using var good = await ConnectAsync(hub);
        var sequence = 0UL;
        await BeatAsync(good, ++sequence);

        for (var i = 0; i < 10_000; i += 100)
        {
            using var bad = await RawAsync(hub);
            // Of a hundred only the first is answered: the connection is over with it.
            var junk = Enumerable.Repeat(Frame([0, 0x1A, 0x7F, (byte)i]), 100).SelectMany(static frame => frame).ToArray();
            await SendQuietlyAsync(bad, junk);
            Assert.Equal(1002, await CloseCodeAsync(bad));
            if (i % 1_000 == 0)
            {
                await BeatAsync(good, ++sequence);
            }
        }

        await BeatAsync(good, ++sequence);
        Assert.Equal(WebSocketState.Open, good.State);
    }

    [Fact]
    public async Task A_peer_that_reads_nothing_is_cut_off_and_others_are_told_meanwhile()
    {
        var assignments = new SetAssignments();
        await using var hub = await HubFixture.StartAsync(null, null, assignments, new FleetOptions { WriteWithin = TimeSpan.FromSeconds(1) });
        using var stuck = await RawAsync(hub, receiveBuffer: 4096);
        using var good = await ConnectAsync(hub);
        var (deaf, listening) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await stuck.SendAsync(Frame([0, .. Managed(deaf, 1).ToArray()]));
        await good.SendAsync((byte[])[0, .. Managed(listening, 1).ToArray()], WebSocketMessageType.Binary, true, CancellationToken.None);
        await Eventually.Get("both are connected", async () => (await hub.GetAsync<AgentRow[]>("agents?state=connected")).Length == 2 ? "both" : null);

        // More than all buffers on the way hold.
        assignments.Set(deaf.ToString(), new string('#', 30_000_000) + "\na: 1\n");
        assignments.Set(listening.ToString(), "b: 1\n");

        var buffer = new byte[4096];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        ServerToAgent? told = null;
        while (told?.RemoteConfig is null)
        {
            var result = await good.ReceiveAsync(buffer, limit.Token);
            Assert.True(WebSocketFrame.TryGetPayload(buffer.AsSpan(0, result.Count), out var payload));
            told = WireMessage.TryRead<ServerToAgent>(payload, out _);
        }

        await Eventually.Get("the stuck one is cut off", async () => (await hub.GetAsync<AgentRow[]>("agents?state=gone")) is [{ } gone] && gone.Id == deaf.ToString() ? gone : null);
        Assert.Equal(WebSocketState.Open, good.State);
    }

    [Fact]
    public async Task Known_agents_come_in_while_new_ones_wait()
    {
        await using var hub = await HubFixture.StartAsync(null, null, null, new FleetOptions { Admission = new AdmissionRates(Resume: 100, Reconnect: 100, Enrol: 1) });
        var uid = Guid.CreateVersion7();
        // Enrols over a connection of its own; the clock stands still, so two may.
        using (var first = await RawAsync(hub, uid: uid))
        {
            await first.SendAsync(Frame([0, .. Managed(uid, 1).ToArray()]));
            await Eventually.Get("it is known", async () => (await hub.GetAsync<AgentRow[]>("agents")).Length == 1 ? "known" : null);
        }

        var delays = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            delays.Add(await StatusAsync(hub, Guid.CreateVersion7()));
        }

        Assert.Equal("101", await StatusAsync(hub, uid));
        var refused = delays.Where(static status => status.StartsWith("503 ", StringComparison.Ordinal)).Select(static status => int.Parse(status[4..])).ToList();
        Assert.True(refused.Count > 3, string.Join(", ", delays));
        Assert.All(refused, seconds => Assert.InRange(seconds, 30, 90));
    }

    [Fact]
    public async Task Unmasked_frames_reserved_bits_and_long_pings_end_with_1002()
    {
        await using var hub = await HubFixture.StartAsync();
        byte[][] wrong = [[0x82, 1, 0], [0xC2, 0x81, 0, 0, 0, 0, 0], [0x89, 0xFE, 0, 200, 0, 0, 0, 0], [0x83, 0x80, 0, 0, 0, 0], [0x80, 0x80, 0, 0, 0, 0]];
        foreach (var bytes in wrong)
        {
            using var socket = await RawAsync(hub);
            await socket.SendAsync(bytes);
            Assert.Equal(1002, await CloseCodeAsync(socket));
        }
    }

    private static AgentToServer Managed(Guid uid, ulong sequence)
    {
        var message = Reports.Agent(uid, sequence);
        message.Capabilities |= AgentCapabilities.AcceptsRemoteConfig | AgentCapabilities.ReportsRemoteConfig;
        return message;
    }

    private static byte[] Frame(byte[] message)
    {
        var size = FrameHeader.SizeOf(message.Length, masked: true);
        var frame = new byte[size + message.Length];
        FrameHeader.Write(frame, Opcode.Binary, message.Length, mask: 0);
        message.CopyTo(frame, size);
        return frame;
    }

    private static async Task<Socket> RawAsync(HubFixture hub, int? receiveBuffer = null, Guid? uid = null)
    {
        var (socket, head) = await KnockAsync(hub, receiveBuffer, uid);
        Assert.StartsWith("HTTP/1.1 101", head, StringComparison.Ordinal);
        return socket;
    }

    private static async Task<string> StatusAsync(HubFixture hub, Guid uid)
    {
        var (socket, head) = await KnockAsync(hub, null, uid);
        socket.Dispose();
        var retry = head.Split("\r\n").FirstOrDefault(static line => line.StartsWith("Retry-After: ", StringComparison.OrdinalIgnoreCase))?[13..];
        return retry is null ? head.Split(' ')[1] : $"{head.Split(' ')[1]} {retry}";
    }

    private static async Task<(Socket Socket, string Head)> KnockAsync(HubFixture hub, int? receiveBuffer, Guid? uid)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.ReceiveBufferSize = receiveBuffer ?? socket.ReceiveBufferSize;
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, hub.OpAmp.Port));
        var header = uid is null ? "" : $"OpAMP-Instance-UID: {uid}\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /v1/opamp HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{header}\r\n"));
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await socket.ReceiveAsync(one) == 1)
        {
            head.Append((char)one[0]);
        }

        return (socket, head.ToString());
    }

    private static async Task SendQuietlyAsync(Socket socket, byte[] bytes)
    {
        try
        {
            await socket.SendAsync(bytes);
        }
        catch (SocketException)
        {
            // Cut off while it wrote.
        }
    }

    /// <returns>0: cut without a close frame.</returns>
    private static async Task<int> CloseCodeAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var buffer = new byte[4096];
        var have = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(have), limit.Token);
            have += read;
            while (FrameHeader.TryRead(buffer.AsSpan(0, have), out var header) == FrameRead.Complete && have >= header.Size + header.Length)
            {
                if (header.Opcode == Opcode.Close)
                {
                    return (buffer[header.Size] << 8) | buffer[header.Size + 1];
                }

                var size = header.Size + (int)header.Length;
                buffer.AsSpan(size, have - size).CopyTo(buffer);
                have -= size;
            }

            if (read == 0)
            {
                return 0;
            }
        }
    }

    private static async Task<ClientWebSocket> ConnectAsync(HubFixture hub)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new UriBuilder(hub.OpAmp) { Scheme = "ws" }.Uri, CancellationToken.None);
        return socket;
    }

    private static readonly Guid Good = Guid.CreateVersion7();

    private static async Task BeatAsync(ClientWebSocket socket, ulong sequence)
    {
        await socket.SendAsync((byte[])[0, .. Reports.Agent(Good, sequence).ToArray()], WebSocketMessageType.Binary, true, CancellationToken.None);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var result = await socket.ReceiveAsync(new byte[4096], limit.Token);
        Assert.Equal(WebSocketMessageType.Binary, result.MessageType);
    }
}
