using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using Gantry.Hub.Coverage;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Fleet;

public class OpAmpTests
{
    private static readonly Guid Uid = Guid.CreateVersion7();

    [Fact]
    public async Task Every_message_is_answered_under_its_uid()
    {
        await using var hub = await HubFixture.StartAsync();

        var first = await hub.SayAsync(Reports.Agent(Uid, 1));
        var beat = await hub.SayAsync(new AgentToServer { InstanceUid = Uid.ToByteArray(bigEndian: true), SequenceNum = 2 });

        Assert.Equal(Uid.ToByteArray(bigEndian: true), first.InstanceUid);
        Assert.True(first.Capabilities.HasFlag(ServerCapabilities.AcceptsStatus));
        Assert.Equal(ServerToAgentFlags.None, first.Flags);
        Assert.Contains("io.gantry.inventory/1", first.CustomCapabilities!.Names);
        Assert.Equal(ServerToAgentFlags.None, beat.Flags);
        var agent = Assert.Single(await hub.GetAsync<AgentRow[]>("agents"));
        Assert.Equal((Uid.ToString(), "gantry-agent", "healthy", "http"), (agent.Id, agent.Kind, agent.Health, agent.Transport));
    }

    [Fact]
    public async Task A_gap_in_the_sequence_asks_for_everything_but_not_in_a_loop()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.SayAsync(Reports.Agent(Uid, 1));
        AgentToServer Beat(ulong sequence) => new() { InstanceUid = Uid.ToByteArray(bigEndian: true), SequenceNum = sequence };

        var gap = await hub.SayAsync(Beat(5));
        var gapAgain = await hub.SayAsync(Beat(9));
        hub.Time.Advance(TimeSpan.FromSeconds(31));
        var gapLater = await hub.SayAsync(Beat(20));
        var full = await hub.SayAsync(Reports.Agent(Uid, 40));

        Assert.Equal(ServerToAgentFlags.ReportFullState, gap.Flags);
        Assert.Equal(ServerToAgentFlags.None, gapAgain.Flags);
        Assert.Equal(ServerToAgentFlags.ReportFullState, gapLater.Flags);
        Assert.Equal(ServerToAgentFlags.None, full.Flags);
    }

    [Fact]
    public async Task A_first_contact_without_description_is_asked_for_it()
    {
        await using var hub = await HubFixture.StartAsync();

        var reply = await hub.SayAsync(new AgentToServer { InstanceUid = Uid.ToByteArray(bigEndian: true), SequenceNum = 77 });

        Assert.Equal(ServerToAgentFlags.ReportFullState, reply.Flags);
    }

    [Fact]
    public async Task Parts_that_are_left_out_keep_their_value()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.SayAsync(Reports.Agent(Uid, 1));
        await hub.SayAsync(new AgentToServer
        {
            InstanceUid = Uid.ToByteArray(bigEndian: true),
            SequenceNum = 2,
            Health = new ComponentHealth { Healthy = false, LastError = "disk full" },
        });

        var agent = Assert.Single(await hub.GetAsync<AgentRow[]>("agents"));

        Assert.Equal(("unhealthy", "disk full", "web-1", 2), (agent.Health, agent.LastError, agent.HostName, agent.Capabilities.Count));
    }

    [Fact]
    public async Task An_agent_that_asks_for_a_uid_gets_one_of_version_7()
    {
        await using var hub = await HubFixture.StartAsync();
        var message = Reports.Agent(Uid, 1);
        message.Flags = AgentToServerFlags.RequestInstanceUid;

        var reply = await hub.SayAsync(message);

        var given = new Guid(reply.Identification!.NewInstanceUid, bigEndian: true);
        Assert.Equal(7, given.Version);
        Assert.Equal(given.ToString(), Assert.Single(await hub.GetAsync<AgentRow[]>("agents")).Id);
    }

    [Fact]
    public async Task A_uid_of_another_length_is_a_bad_request()
    {
        await using var hub = await HubFixture.StartAsync();

        var reply = await hub.SayAsync(new AgentToServer { InstanceUid = [1, 2, 3] });

        Assert.Equal(ServerErrorType.BadRequest, reply.Error!.Type);
        Assert.Contains("3 bytes", reply.Error.Message, StringComparison.Ordinal);
        Assert.Equal(ServerCapabilities.None, reply.Capabilities);
    }

    [Fact]
    public async Task Gzip_is_read_other_encodings_are_415_garbage_is_a_bad_request()
    {
        await using var hub = await HubFixture.StartAsync();
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Reports.Agent(Uid, 1).ToArray());
        }

        Assert.Equal(HttpStatusCode.OK, (await PostAsync(hub, buffer.ToArray(), "gzip")).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PostAsync(hub, [1], "zstd")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(hub, [1, 2, 3], "gzip")).Status);
        var (_, body) = await PostAsync(hub, [0x0A, 0x7F], null);
        Assert.Equal(ServerErrorType.BadRequest, WireMessage.TryRead<ServerToAgent>(body, out _)!.Error!.Type);
    }

    [Fact]
    public async Task Over_a_WebSocket_the_agent_is_connected_until_it_leaves()
    {
        await using var hub = await HubFixture.StartAsync();
        using var socket = await ConnectAsync(hub);

        var reply = await TalkAsync(socket, Frame(Reports.Agent(Uid, 1)));
        Assert.Equal(Uid.ToByteArray(bigEndian: true), reply!.InstanceUid);
        var during = Assert.Single(await hub.GetAsync<AgentRow[]>("agents"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);

        Assert.Equal((true, "websocket"), (during.Connected, during.Transport));
        await Eventually.Get("the agent is offline", async () => (await hub.GetAsync<AgentRow[]>("agents")).All(agent => !agent.Connected) ? "offline" : null);
    }

    [Fact]
    public async Task A_non_zero_header_is_answered_and_closed_and_text_is_refused()
    {
        await using var hub = await HubFixture.StartAsync();
        using var bad = await ConnectAsync(hub);
        using var text = await ConnectAsync(hub);

        var reply = await TalkAsync(bad, [0x01, 0x0A, 0x00]);
        Assert.Equal(ServerErrorType.BadRequest, reply!.Error!.Type);
        Assert.Null(await ReceiveAsync(bad));
        Assert.Equal(WebSocketCloseStatus.ProtocolError, bad.CloseStatus);

        await text.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        Assert.Null(await ReceiveAsync(text));
        Assert.Equal(WebSocketCloseStatus.InvalidMessageType, text.CloseStatus);
    }

    [Fact]
    public async Task A_page_of_another_origin_cannot_open_a_WebSocket()
    {
        await using var hub = await HubFixture.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "https://evil.example");

        socket.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(SocketUri(hub), CancellationToken.None));

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    private static byte[] Frame(AgentToServer message) => [0, .. message.ToArray()];

    private static Uri SocketUri(HubFixture hub) => new UriBuilder(hub.OpAmp) { Scheme = "ws" }.Uri;

    private static async Task<ClientWebSocket> ConnectAsync(HubFixture hub)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(SocketUri(hub), CancellationToken.None);
        return socket;
    }

    private static async Task<ServerToAgent?> TalkAsync(ClientWebSocket socket, byte[] message)
    {
        await socket.SendAsync(message, WebSocketMessageType.Binary, true, CancellationToken.None);
        return await ReceiveAsync(socket);
    }

    private static async Task<ServerToAgent?> ReceiveAsync(ClientWebSocket socket)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var buffer = new byte[64 * 1024];
        var result = await socket.ReceiveAsync(buffer, limit.Token);
        return result.MessageType == WebSocketMessageType.Close || !WebSocketFrame.TryGetPayload(buffer.AsSpan(0, result.Count), out var payload)
            ? null
            : WireMessage.TryRead<ServerToAgent>(payload, out _);
    }

    private static async Task<(HttpStatusCode Status, byte[] Body)> PostAsync(HubFixture hub, byte[] body, string? encoding)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using var response = await hub.Client.PostAsync(hub.OpAmp, content);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Full_state_is_asked_for_until_it_came_in_sequence()
    {
        await using var hub = await HubFixture.StartAsync();
        await hub.SayAsync(Reports.Agent(Uid, 1));
        AgentToServer Beat(ulong sequence) => new() { InstanceUid = Uid.ToByteArray(bigEndian: true), SequenceNum = sequence };
        async Task<bool> AskedAsync(AgentToServer message)
        {
            hub.Time.Advance(TimeSpan.FromSeconds(31));
            return (await hub.SayAsync(message)).Flags.HasFlag(ServerToAgentFlags.ReportFullState);
        }

        Assert.True(await AskedAsync(Beat(5)));
        // The question was lost: what follows in sequence does not make up for the gap.
        Assert.True(await AskedAsync(Beat(6)));
        Assert.Equal(ServerToAgentFlags.None, (await hub.SayAsync(Beat(7))).Flags);
        Assert.True(await AskedAsync(Reports.Agent(Uid, 9)));
        Assert.True(await AskedAsync(Beat(10)));
        Assert.False(await AskedAsync(Reports.Agent(Uid, 11)));
        Assert.False(await AskedAsync(Beat(12)));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_413_and_no_error_of_the_hub()
    {
        await using var hub = await HubFixture.StartAsync();
        using var tcp = new System.Net.Sockets.TcpClient();
        await tcp.ConnectAsync(hub.OpAmp.Host, hub.OpAmp.Port);
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
            $"POST /v1/opamp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-protobuf\r\nContent-Length: {(64 * 1024 * 1024) + 1}\r\n\r\n"));
        using var reader = new StreamReader(stream);

        Assert.Equal("HTTP/1.1 413 Payload Too Large", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task A_hub_that_stops_says_goodbye()
    {
        await using var hub = await HubFixture.StartAsync();
        using var socket = await ConnectAsync(hub);
        await TalkAsync(socket, Frame(Reports.Agent(Uid, 1)));

        var stopping = hub.DisposeAsync();
        Assert.Null(await ReceiveAsync(socket));
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        await stopping;

        Assert.Equal((WebSocketCloseStatus.EndpointUnavailable, "the hub is stopping"), (socket.CloseStatus, socket.CloseStatusDescription));
        Assert.DoesNotContain(hub.Logs.Entries, entry => entry.Event == "ConnectionLost");
    }

    [Fact]
    public async Task After_a_large_message_the_talk_goes_on()
    {
        await using var hub = await HubFixture.StartAsync();
        using var socket = await ConnectAsync(hub);
        var large = Reports.Agent(Uid, 1);
        large.Health = new ComponentHealth { Healthy = false, LastError = new string('x', 200_000) };

        Assert.NotNull(await TalkAsync(socket, Frame(large)));
        Assert.NotNull(await TalkAsync(socket, Frame(Reports.Agent(Uid, 2))));
        Assert.True(Assert.Single(await hub.GetAsync<AgentRow[]>("agents")).Connected);
    }
}
