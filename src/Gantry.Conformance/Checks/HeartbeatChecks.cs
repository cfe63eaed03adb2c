using System.Globalization;
using System.Text;
using Gantry.Conformance.Clients;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.WebSockets;
using Gantry.Protocol.Wire;
using static Gantry.Conformance.Probe;

namespace Gantry.Conformance.Checks;

/// <summary>H: life, overload, errors and access.</summary>
internal static class HeartbeatChecks
{
    private const string Throttling = "Throttling";
    private const string BadRequest = "Bad Request";

    public static IReadOnlyList<Check> All { get; } =
    [
        new("H1", Level.Should, "OpAMPConnectionSettings.heartbeat_interval_seconds", "An interval is offered, and an agent that keeps it stays connected", static async probe =>
        {
            await probe.Control.OfferSettingsAsync(new UriBuilder(probe.Url) { Scheme = "ws" }.Uri, new Uri("http://127.0.0.1:4318"));
            var agent = Agent(TestAgent.Usual | AgentCapabilities.AcceptsOpAmpConnectionSettings);
            var (peer, reply) = await probe.EnterAsync(agent);
            var interval = reply.ConnectionSettings?.OpAmp?.HeartbeatSeconds ?? 0;
            True(interval > 0, "no interval is offered");
            await probe.Control.AdvanceAsync(TimeSpan.FromSeconds(interval));
            await peer.SayAsync(agent.Beat());
            True(await probe.Control.LookAsync(agent.Uid) is { Connected: true }, "it counts as gone");
        }),
        new("H2", Level.Interop, "", "Without heartbeats the connection tells who lives", static probe => SilentAsync(probe, AgentCapabilities.ReportsStatus | AgentCapabilities.ReportsHeartbeat)),
        new("H3", Level.Interop, "", "An agent that reports no heartbeats is not dead for its silence", static probe => SilentAsync(probe, AgentCapabilities.ReportsStatus)),
        new("H4", Level.Must, "AgentToServer Message", "Any message is a sign of life", static async probe =>
        {
            var agent = Agent();
            var (peer, _) = await probe.EnterAsync(agent);
            await probe.Control.LookAsync(agent.Uid);
            await probe.Control.AdvanceAsync(TimeSpan.FromMinutes(10));
            await peer.SayAsync(new AgentToServer { InstanceUid = agent.UidBytes });
            True(await probe.Control.LookAsync(agent.Uid) is { Connected: true }, "it counts as gone");
        }),
        new("H5", Level.Should, Throttling, "An overloaded server says UNAVAILABLE with retry_info, then ends the connection", static async probe =>
        {
            probe.OnlyOver(Transport.WebSocket);
            var (peer, _) = await probe.EnterAsync(Agent());
            await probe.Control.OverloadAsync(true);
            try
            {
                var reply = await peer.SayAsync(Agent().Full());
                True(reply.Error is { Type: ServerErrorType.Unavailable, Retry.AfterNanoseconds: >= 30_000_000_000 }, Says(reply));
            }
            finally
            {
                await probe.Control.OverloadAsync(false);
            }

            using var limit = TransportChecks.Limit();
            var end = await ((WebSocketPeer)peer).Socket.ReceiveAsync(limit.Token);
            True(end is null or { Opcode: Opcode.Close }, "the connection goes on");
        }),
        new("H6", Level.Should, Throttling, "An overloaded server answers 503 or 429, with a Retry-After of 30 s or more that differs", static async probe =>
        {
            await probe.Control.OverloadAsync(true);
            try
            {
                var delays = new HashSet<int>();
                for (var i = 0; i < 40; i++)
                {
                    var (status, retry) = await KnockAsync(probe);
                    if (status is 200 or 101)
                    {
                        continue;
                    }

                    True(status is 503 or 429, $"it is answered with {status}");
                    True(int.TryParse(retry, CultureInfo.InvariantCulture, out var seconds) && seconds >= 30, $"Retry-After is \"{retry}\"");
                    delays.Add(seconds);
                }

                True(delays.Count > 1, delays.Count == 0 ? "nobody is turned away" : "all are told to come back at once");
            }
            finally
            {
                await probe.Control.OverloadAsync(false);
            }
        }),
        new("H7", Level.Should, BadRequest, "What cannot be read is BAD_REQUEST in words, without the server's insides", static async probe =>
        {
            // A description that says it is longer than the message.
            byte[] broken = [0x1A, 0x7F, 1, 2];
            if (probe.Transport == Transport.WebSocket)
            {
                await TransportChecks.RefusedAsync(probe, [0, .. broken]);
                return;
            }

            var answer = await probe.Http.PostAsync(broken);
            Applies(answer.Status is 200, $"it is answered with {answer.Status}, without a message");
            var error = answer.Message().Error;
            True(error is { Type: ServerErrorType.BadRequest, Message.Length: > 0 }, "the answer is no BAD_REQUEST");
            True(!error!.Message.Contains("   at ", StringComparison.Ordinal) && !error.Message.Contains("Exception", StringComparison.Ordinal), $"it shows its insides: {error.Message}");
        }),
        new("H8", Level.Must, "Authentication", "Without a credential: 401, before any upgrade", RefusedAsync),
        CredentialChecks.Worthless,
        new("H10", Level.Should, "AgentDisconnect Message", "After agent_disconnect the agent is gone at once", static async probe =>
        {
            var agent = Agent();
            var (peer, _) = await probe.EnterAsync(agent);
            await probe.Control.LookAsync(agent.Uid);
            var goodbye = agent.Beat();
            goodbye.Disconnect = new AgentDisconnect();
            await peer.SayAsync(goodbye);
            True(await probe.Control.LookAsync(agent.Uid) is { Connected: false }, "it is still shown as connected");
        }),
        new("H11", Level.Must, "Closing Connection", "A close frame is answered with one", static async probe =>
        {
            probe.OnlyOver(Transport.WebSocket);
            var socket = await probe.OpenAsync();
            using var limit = TransportChecks.Limit();
            await socket.SendAsync(Agent().Full(), limit.Token);
            await socket.ReceiveAsync(limit.Token);
            await socket.SendFrameAsync(Opcode.Close, (byte[])[0x03, 0xE8], limit.Token);
            var end = await socket.ReceiveAsync(limit.Token);
            True(end is { Opcode: Opcode.Close }, "the connection is cut without one");
        }),
        new("H12", Level.Interop, "", "A peer that answers no ping is cut off", static async probe =>
        {
            probe.OnlyOver(Transport.WebSocket);
            Applies(probe.Control.MaxMessageBytes is not null, "would take minutes on a server with usual deadlines");
            var socket = await probe.OpenAsync();
            socket.AnswersPings = false;
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            await socket.SendAsync(Agent().Full(), limit.Token);
            await socket.ReceiveAsync(limit.Token);
            try
            {
                var end = await socket.ReceiveAsync(limit.Token);
                True(end is null or { Opcode: Opcode.Close }, "it says something else");
            }
            catch (OperationCanceledException)
            {
                throw new CheckFailedException("after 20 s it is still connected");
            }
        }),
        new("H13", Level.Interop, "", "A message that never ends is given up", static async probe =>
        {
            probe.OnlyOver(Transport.WebSocket);
            Applies(probe.Control.MaxMessageBytes is not null, "would take minutes on a server with usual deadlines");
            var socket = await probe.OpenAsync();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            var frame = new byte[6];
            FrameHeader.Write(frame, Opcode.Binary, 100, mask: 0);
            await socket.SendRawAsync(frame, limit.Token);
            try
            {
                while (true)
                {
                    // A byte now and then, so that the connection is never silent.
                    await socket.SendRawAsync((byte[])[0], limit.Token);
                    using var moment = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
                    try
                    {
                        if (await socket.ReceiveAsync(moment.Token) is null or { Opcode: Opcode.Close })
                        {
                            return;
                        }
                    }
                    catch (OperationCanceledException) when (!limit.IsCancellationRequested)
                    {
                        // Not yet.
                    }
                }
            }
            catch (IOException)
            {
                // Cut off while it wrote.
            }
            catch (OperationCanceledException)
            {
                throw new CheckFailedException("after 20 s it still waits");
            }
        }),
    ];

    private static async Task SilentAsync(Probe probe, AgentCapabilities capabilities)
    {
        probe.OnlyOver(Transport.WebSocket);
        var agent = Agent(capabilities);
        await probe.EnterAsync(agent);
        await probe.Control.LookAsync(agent.Uid);
        await probe.Control.AdvanceAsync(TimeSpan.FromHours(1));
        True(await probe.Control.LookAsync(agent.Uid) is { Connected: true }, "after an hour of silence over an open connection it counts as gone");
    }

    private static async Task<(int Status, string? RetryAfter)> KnockAsync(Probe probe)
    {
        if (probe.Transport == Transport.Http)
        {
            var answer = await probe.Http.PostAsync(Agent().Full().ToArray());
            return (answer.Status, answer.RetryAfter);
        }

        try
        {
            await probe.OpenAsync();
            return (101, null);
        }
        catch (RefusedException refused)
        {
            return (refused.Status, refused.Headers.GetValueOrDefault("retry-after"));
        }
    }

    /// <summary>Where the server that is asked is open to its own machine, of one that is not.</summary>
    private static async Task RefusedAsync(Probe probe)
    {
        int status;
        if (probe.Transport == Transport.Http)
        {
            status = (await probe.Http.PostAsync(Agent().Full().ToArray(), bearer: "")).Status;
        }
        else
        {
            try
            {
                await probe.OpenAsync("");
                status = 101;
            }
            catch (RefusedException refused)
            {
                status = refused.Status;
            }
        }

        var answered = status is 200 or 101 && probe.Url.IsLoopback
            ? await probe.RefusalAsync((await probe.Control.GuardedAsync()).Url, "", Agent())
            : status.ToString(CultureInfo.InvariantCulture);
        True(answered == "401", $"it is answered with {answered}");
    }
}
