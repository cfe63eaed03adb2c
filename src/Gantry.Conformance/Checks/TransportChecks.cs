using System.IO.Compression;
using System.Text;
using Gantry.Conformance.Clients;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.WebSockets;
using Gantry.Protocol.Wire;
using static Gantry.Conformance.Probe;

namespace Gantry.Conformance.Checks;

/// <summary>T: what travels, and how.</summary>
internal static class TransportChecks
{
    private const string Http = "Plain HTTP Transport";
    private const string Ws = "WebSocket Transport";
    private const string Format = "WebSocket Message Format";
    private const string Size = "Message Size Limits";

    public static IReadOnlyList<Check> All { get; } =
    [
        new("T1", Level.Should, "Communication Model", "The path is /v1/opamp and the port 4320", static probe =>
        {
            True(probe.Url.AbsolutePath == "/v1/opamp", $"the path is {probe.Url.AbsolutePath}");
            Applies(probe.Url.Port == 4320 || !probe.Url.IsLoopback, $"port {probe.Url.Port} of this machine is a test's choice");
            True(probe.Url.Port is 4320 or 443 or 80, $"the port is {probe.Url.Port}");
            return Task.CompletedTask;
        }),
        new("T2", Level.Should, "Communication Model", "One endpoint serves WebSocket and plain HTTP", static async probe =>
        {
            var answer = await probe.Http.PostAsync(Agent().Full().ToArray());
            True(answer.Status == 200, $"POST is answered with {answer.Status}");
            await probe.OpenAsync();
        }),
        new("T3", Level.Should, "Communication Model", "Content-Type application/x-protobuf makes plain HTTP; a POST of another type is no OpAMP", static async probe =>
        {
            True((await probe.Http.PostAsync(Agent().Full().ToArray())).Status == 200, "a POST of application/x-protobuf is not answered");
            True((await probe.Http.PostAsync(Agent().Full().ToArray(), type: "text/plain")).Status is >= 400 and < 500, "a POST of text/plain is taken");
        }),
        new("T4", Level.Interop, "", "GET without Upgrade is refused with 4xx", static async probe =>
        {
            var answer = await probe.Http.GetAsync();
            True(answer.Status is >= 400 and < 500, $"it is answered with {answer.Status}");
        }),
        new("T5", Level.Must, Format, "Answers are binary and begin with the header 0", static async probe =>
        {
            probe.OnlyOver(Transport.WebSocket);
            var incoming = await RawAnswerAsync(probe, [0, .. Agent().Full().ToArray()]);
            True(incoming is { Opcode: Opcode.Binary, Payload: [0, ..] }, $"the answer is {incoming?.Opcode} and begins with {(incoming?.Payload is [var first, ..] ? first : -1)}");
        }),
        new("T6", Level.Must, Format, "A header of up to 10 bytes that means 0 is read", static async probe =>
        {
            probe.OnlyOver(Transport.WebSocket);
            foreach (var header in (byte[][])[[0x80, 0x00], [0x80, 0x80, 0x80, 0x80, 0x00], [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]])
            {
                var agent = Agent();
                var answer = Parse(await RawAnswerAsync(probe, [.. header, .. agent.Full().ToArray()]));
                True(answer.Error is null && answer.InstanceUid.AsSpan().SequenceEqual(agent.UidBytes), $"with a header of {header.Length} bytes: {Says(answer)}");
            }
        }),
        new("T7", Level.Should, Format, "Another header is malformed: BAD_REQUEST, then the end", static async probe =>
        {
            probe.OnlyOver(Transport.WebSocket);
            await RefusedAsync(probe, [1, .. Agent().Full().ToArray()]);
        }),
        new("T8", Level.Must, Format, "An empty data part is a valid message, which names no agent", static async probe =>
        {
            if (probe.Transport == Transport.Http)
            {
                var answer = await probe.Http.PostAsync([]);
                True(answer.Status is 200 or 400, $"it is answered with {answer.Status}");
                return;
            }

            var incoming = await RawAnswerAsync(probe, [0]);
            True(incoming is { Opcode: Opcode.Binary }, "it is not answered");
            Parse(incoming);
        }),
        new("T9", Level.Interop, "", "A text message is refused with 1003", static async probe =>
        {
            probe.OnlyOver(Transport.WebSocket);
            var socket = await probe.OpenAsync();
            using var limit = Limit();
            await socket.SendFrameAsync(Opcode.Text, "hello"u8.ToArray(), limit.Token);
            await EndsAsync(socket, 1003, limit.Token);
        }),
        new("T10", Level.Interop, "", "A message in many frames is put together, with pings between them", static async probe =>
        {
            probe.OnlyOver(Transport.WebSocket);
            var agent = Agent();
            byte[] message = [0, .. agent.Full().ToArray()];
            var socket = await probe.OpenAsync();
            using var limit = Limit();
            for (var i = 0; i < message.Length; i += 7)
            {
                var end = Math.Min(i + 7, message.Length);
                await socket.SendFrameAsync(i == 0 ? Opcode.Binary : Opcode.Continuation, message.AsMemory(i, end - i), limit.Token, fin: end == message.Length);
                if (i == 14)
                {
                    await socket.SendFrameAsync(Opcode.Ping, "between"u8.ToArray(), limit.Token);
                }
            }

            var answer = Parse(await socket.ReceiveAsync(limit.Token));
            True(answer.InstanceUid.AsSpan().SequenceEqual(agent.UidBytes), Says(answer));
        }),
        new("T11", Level.Interop, "", "A client that offers permessage-deflate is served, with or without it", static async probe =>
        {
            probe.OnlyOver(Transport.WebSocket);
            var socket = await probe.OpenAsync(headers: ("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"));
            using var limit = Limit();
            Applies(!socket.Headers.ContainsKey("sec-websocket-extensions"), "the server takes it up, and this client cannot inflate");
            await socket.SendAsync(Agent().Full(), limit.Token);
            Parse(await socket.ReceiveAsync(limit.Token));
        }),
        new("T12", Level.Must, Http, "A gzip body is read", static async probe =>
        {
            probe.OnlyOver(Transport.Http);
            var agent = Agent();
            var answer = await probe.Http.PostAsync(Gzip(agent.Full().ToArray()), encoding: "gzip");
            True(answer.Status == 200 && answer.Message().InstanceUid.AsSpan().SequenceEqual(agent.UidBytes), $"it is answered with {answer.Status}");
        }),
        new("T13", Level.Must, Http, "An identity body is read", static async probe =>
        {
            probe.OnlyOver(Transport.Http);
            True((await probe.Http.PostAsync(Agent().Full().ToArray(), encoding: "identity")).Status == 200, "it is refused");
        }),
        new("T14", Level.Interop, "", "An unknown Content-Encoding is refused with 415", static async probe =>
        {
            probe.OnlyOver(Transport.Http);
            var answer = await probe.Http.PostAsync([1], encoding: "zstd");
            True(answer.Status == 415, $"it is answered with {answer.Status}");
        }),
        new("T15", Level.Should, Http, "The answer is gzip where it pays and is accepted, and never where it is not", static async probe =>
        {
            probe.OnlyOver(Transport.Http);
            True((await probe.Http.PostAsync(Agent().Full().ToArray())).ContentEncoding is null or "identity", "the answer is packed though nobody accepts it");
            True((await probe.Http.PostAsync(Agent().Full().ToArray(), accept: "gzip;q=0")).ContentEncoding is null or "identity", "gzip;q=0 is taken for gzip");
            var agent = Agent(TestAgent.Managed);
            await probe.Control.AssignAsync(agent.Uid, string.Concat(Enumerable.Repeat("# a long configuration\n", 400)));
            var packed = await probe.Http.PostAsync(agent.Full().ToArray(), accept: "gzip");
            True(packed.ContentEncoding == "gzip", "a long answer is not packed");
            True(Parse(Gunzip(packed.Body)).RemoteConfig is not null, "what is packed is not the answer");
        }),
        new("T16", Level.Interop, "", "The answer's Content-Type is exactly application/x-protobuf", static async probe =>
        {
            probe.OnlyOver(Transport.Http);
            var answer = await probe.Http.PostAsync(Agent().Full().ToArray());
            True(answer.ContentType == "application/x-protobuf", $"it is \"{answer.ContentType}\"");
        }),
        new("T17", Level.Must, Size, "A message over the limit is refused with 413", static async probe =>
        {
            probe.OnlyOver(Transport.Http);
            // The length alone tells: the body need not be sent.
            var (tcp, stream) = await RawWebSocket.DialAsync(probe.Url, CancellationToken.None);
            using (tcp)
            {
                using var limit = Limit();
                await stream.WriteAsync(Encoding.ASCII.GetBytes(
                    $"POST {probe.Url.PathAndQuery} HTTP/1.1\r\nHost: {probe.Url.Authority}\r\nContent-Type: application/x-protobuf\r\nContent-Length: {probe.MaxMessageBytes + 1}\r\n\r\n"), limit.Token);
                var junk = new byte[64 * 1024];
                var sending = SendJunkAsync(stream, probe.MaxMessageBytes + 1, junk, limit.Token);
                var (status, _) = await RawWebSocket.ReadHeadAsync(stream, limit.Token);
                True(status == 413, $"it is answered with {status}");
                await limit.CancelAsync();
                await sending;
            }
        }),
        new("T18", Level.Should, Size, "A message over the limit ends the WebSocket with 1009", static async probe =>
        {
            probe.OnlyOver(Transport.WebSocket);
            var socket = await probe.OpenAsync();
            using var limit = Limit();
            var header = new byte[14];
            FrameHeader.Write(header, Opcode.Binary, probe.MaxMessageBytes + 1, mask: 0);
            await socket.SendRawAsync(header, limit.Token);
            await EndsAsync(socket, 1009, limit.Token);
        }),
        new("T19", Level.Must, Size, "A gzip bomb stops at the limit", static async probe =>
        {
            probe.OnlyOver(Transport.Http);
            var answer = await probe.Http.PostAsync(Gzip(new byte[probe.MaxMessageBytes + 1024]), encoding: "gzip");
            True(answer.Status == 413, $"it is answered with {answer.Status}");
        }),
        new("T20", Level.Must, Size, "An answer over the limit is not sent", static async probe =>
        {
            Applies(probe.Control.MaxMessageBytes is <= 4 * 1024 * 1024, "needs control of the server: a limit of its own of at most 4 MiB");
            var agent = Agent(TestAgent.Managed);
            await probe.Control.AssignAsync(agent.Uid, new string('#', probe.MaxMessageBytes));
            if (probe.Transport == Transport.Http)
            {
                var answer = await probe.Http.PostAsync(agent.Full().ToArray());
                True(answer.Body.Length <= probe.MaxMessageBytes, $"{answer.Body.Length} bytes were sent");
                return;
            }

            var socket = await probe.OpenAsync();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await socket.SendAsync(agent.Full(), limit.Token);
            try
            {
                var incoming = await socket.ReceiveAsync(limit.Token);
                True(incoming is null || incoming.Payload.Length <= probe.MaxMessageBytes, $"{incoming?.Payload.Length} bytes were sent");
            }
            catch (OperationCanceledException)
            {
                // Nothing was sent, which is what it is about.
            }
        }),
        new("T21", Level.Should, Size, "The limit can be set, and 64 MiB is what it is otherwise", static async probe =>
        {
            Applies(probe.Control.MaxMessageBytes is not null, "needs control of the server: a limit of its own");
            var fits = new AgentToServer { InstanceUid = Agent().UidBytes, SequenceNum = 1, Capabilities = TestAgent.Usual, CustomMessage = new CustomMessage { Capability = "io.gantry.conformance/none", Data = new byte[probe.MaxMessageBytes - 4096] } };
            await using var peer = await probe.ConnectAsync();
            True((await peer.SayAsync(fits)).Error is null, "a message just under the limit is refused");
        }),
        new("T22", Level.Interop, "", "OpAMP-Instance-UID may be missing, another, or in mixed endian: the body counts", static async probe =>
        {
            var agent = Agent();
            foreach (var header in (string?[])[null, Guid.NewGuid().ToString(), new Guid(agent.UidBytes).ToString(), "nonsense"])
            {
                if (probe.Transport == Transport.Http)
                {
                    var answer = await probe.Http.PostAsync(agent.Full().ToArray(), uid: header);
                    True(answer.Status == 200 && answer.Message().InstanceUid.AsSpan().SequenceEqual(agent.UidBytes), $"with \"{header}\" it is answered with {answer.Status}");
                    continue;
                }

                var socket = header is null ? await probe.OpenAsync() : await probe.OpenAsync(headers: ("OpAMP-Instance-UID", header));
                using var limit = Limit();
                await socket.SendAsync(agent.Full(), limit.Token);
                True(Parse(await socket.ReceiveAsync(limit.Token)).InstanceUid.AsSpan().SequenceEqual(agent.UidBytes), $"with \"{header}\" another uid is answered");
                await socket.SendFrameAsync(Opcode.Close, ReadOnlyMemory<byte>.Empty, limit.Token);
                await socket.ReceiveAsync(limit.Token);
            }
        }),
    ];

    internal static CancellationTokenSource Limit() => new(TimeSpan.FromSeconds(10));

    /// <summary>BAD_REQUEST in words, then the end of the connection (over plain HTTP there is none to end).</summary>
    internal static async Task RefusedAsync(Probe probe, byte[] message)
    {
        var socket = await probe.OpenAsync();
        using var limit = Limit();
        await socket.SendFrameAsync(Opcode.Binary, message, limit.Token);
        var answer = Parse(await socket.ReceiveAsync(limit.Token));
        True(answer.Error is { Type: ServerErrorType.BadRequest, Message.Length: > 0 }, $"the answer is {Says(answer)}");
        var end = await socket.ReceiveAsync(limit.Token);
        True(end is null or { Opcode: Opcode.Close }, "the connection goes on");
    }

    internal static async Task EndsAsync(RawWebSocket socket, int code, CancellationToken cancellation)
    {
        Incoming? incoming;
        while ((incoming = await socket.ReceiveAsync(cancellation)) is { Opcode: Opcode.Binary })
        {
            // An error response may come first.
        }

        True(incoming is { Opcode: Opcode.Close } && incoming.CloseCode == code, incoming is null ? "the connection was cut without a close frame" : $"it is closed with {incoming.CloseCode}");
    }

    internal static ServerToAgent Parse(Incoming? incoming) => incoming switch
    {
        null => throw new CheckFailedException("the connection was cut"),
        { Opcode: not Opcode.Binary } => throw new CheckFailedException($"the answer is a {incoming.Opcode} frame ({incoming.CloseCode})"),
        _ => WebSocketFrame.TryGetPayload(incoming.Payload, out var payload) ? Parse(payload) : throw new CheckFailedException("the answer does not begin with the header 0"),
    };

    internal static byte[] Gzip(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return buffer.ToArray();
    }

    private static byte[] Gunzip(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var buffer = new MemoryStream();
        gzip.CopyTo(buffer);
        return buffer.ToArray();
    }

    private static ServerToAgent Parse(ReadOnlySpan<byte> payload) =>
        WireMessage.TryRead<ServerToAgent>(payload, out var error) ?? throw new CheckFailedException($"not a ServerToAgent message: {error}");

    private static async Task<Incoming?> RawAnswerAsync(Probe probe, byte[] message)
    {
        var socket = await probe.OpenAsync();
        using var limit = Limit();
        await socket.SendFrameAsync(Opcode.Binary, message, limit.Token);
        return await socket.ReceiveAsync(limit.Token);
    }

    private static async Task SendJunkAsync(Stream stream, long count, byte[] junk, CancellationToken cancellation)
    {
        try
        {
            for (; count > 0; count -= junk.Length)
            {
                await stream.WriteAsync(junk.AsMemory(0, (int)Math.Min(count, junk.Length)), cancellation);
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Refused before it was all sent: as it should be.
        }
    }
}
