using Gantry.Conformance;
using Gantry.Conformance.Clients;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.WebSockets;

namespace Gantry.Hub.Tests.Access;

/// <summary>Connections of agents with a token, over either transport, at the level of bytes.</summary>
internal static class OpAmpPeers
{
    public const AgentCapabilities Accepts = TestAgent.Usual | AgentCapabilities.AcceptsOpAmpConnectionSettings | AgentCapabilities.ReportsConnectionSettingsStatus;

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <exception cref="RefusedException">The WebSocket was not opened.</exception>
    public static async Task<Peer> ConnectAsync(Uri opAmp, Transport transport, string token, Guid? named = null)
    {
        if (transport == Transport.Http)
        {
            return new HttpPeer(new RawHttp(opAmp, token, Patience));
        }

        using var limit = new CancellationTokenSource(Patience);
        var headers = new List<(string, string)> { ("Authorization", $"Bearer {token}") };
        if (named is { } uid)
        {
            headers.Add(("OpAMP-Instance-UID", uid.ToString()));
        }

        return new WebSocketPeer(await RawWebSocket.ConnectAsync(new UriBuilder(opAmp) { Scheme = "ws" }.Uri, headers, limit.Token), Patience);
    }

    /// <summary>Connects and says everything.</summary>
    public static async Task<(Peer Peer, ServerToAgent Reply)> EnterAsync(Uri opAmp, Transport transport, string token, TestAgent agent)
    {
        var peer = await ConnectAsync(opAmp, transport, token);
        return (peer, await peer.SayAsync(agent.Full()));
    }

    /// <summary>Does this token let the agent in? "401", the words of an error, or "" when it does.</summary>
    public static async Task<string> RefusalAsync(Uri opAmp, Transport transport, string token, TestAgent agent)
    {
        try
        {
            var (peer, reply) = await EnterAsync(opAmp, transport, token, agent);
            await peer.DisposeAsync();
            return reply.Error?.Message ?? "";
        }
        catch (RefusedException refused)
        {
            return $"{refused.Status}";
        }
        catch (CheckFailedException failed)
        {
            return failed.Message.Replace("HTTP ", "", StringComparison.Ordinal);
        }
    }

    public static string TokenOf(ServerToAgent? reply) =>
        Assert.Single(reply!.ConnectionSettings!.OpAmp!.Headers!.Items, header => header.Name == "Authorization").Value["Bearer ".Length..];

    public static AgentToServer Told(TestAgent agent, byte[] hash, ConnectionSettingsState state)
    {
        var message = agent.Beat();
        message.ConnectionSettingsStatus = new ConnectionSettingsStatus { LastHash = hash, State = state, ErrorMessage = state == ConnectionSettingsState.Failed ? "no route" : "" };
        return message;
    }

    /// <summary>The close frame that comes, when it comes at once.</summary>
    public static async Task<int> CloseCodeAsync(Peer peer)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var incoming = await ((WebSocketPeer)peer).Socket.ReceiveAsync(limit.Token);
            if (incoming is null or { Opcode: Opcode.Close })
            {
                return incoming?.CloseCode ?? 0;
            }
        }
    }
}
