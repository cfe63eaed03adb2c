using Gantry.Conformance.Clients;
using Gantry.Protocol.OpAmp;

namespace Gantry.Conformance;

/// <summary>What a check has to work with: a server, a transport, and agents of its own.</summary>
public sealed class Probe : IAsyncDisposable
{
    /// <summary>How long a server may take to answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<IAsyncDisposable> _open = [];
    private readonly List<IDisposable> _clients = [];
    private readonly string? _token;

    internal Probe(Uri url, Transport transport, string? token, IServerControl control)
    {
        (Url, Transport, _token, Control) = (url, transport, token, control);
        Http = new RawHttp(new UriBuilder(url) { Scheme = url.Scheme is "wss" or "https" ? "https" : "http", Port = url.Port }.Uri, token, Patience);
    }

    public Uri Url { get; }

    public Transport Transport { get; }

    public IServerControl Control { get; }

    /// <summary>How long a check waits for what the server does unasked, and for what it must not do.</summary>
    public TimeSpan Moment { get; init; } = TimeSpan.FromMilliseconds(400);

    public int MaxMessageBytes => Control.MaxMessageBytes ?? 64 * 1024 * 1024;

    internal RawHttp Http { get; }

    public static TestAgent Agent(AgentCapabilities capabilities = TestAgent.Usual) => new(capabilities);

    /// <summary>A connection over the transport that is tested.</summary>
    public async Task<Peer> ConnectAsync()
    {
        if (Transport == Transport.Http)
        {
            return new HttpPeer(Http);
        }

        var peer = new WebSocketPeer(await OpenAsync(), Patience);
        return peer;
    }

    /// <summary>The same, to another server and with another token.</summary>
    /// <exception cref="RefusedException">The server did not open the WebSocket.</exception>
    internal async Task<Peer> ConnectAsync(Uri url, string token)
    {
        if (Transport == Transport.Http)
        {
            var http = new RawHttp(new UriBuilder(url) { Scheme = url.Scheme is "wss" or "https" ? "https" : "http", Port = url.Port }.Uri, token, Patience);
            _clients.Add(http);
            return new HttpPeer(http);
        }

        using var limit = new CancellationTokenSource(Patience);
        var socket = await RawWebSocket.ConnectAsync(url, token.Length > 0 ? [("Authorization", $"Bearer {token}")] : [], limit.Token);
        _open.Add(socket);
        return new WebSocketPeer(socket, Patience);
    }

    /// <summary>Is this token taken for this agent?</summary>
    /// <returns>"" when it is; else the HTTP status, or the error's message.</returns>
    internal async Task<string> RefusalAsync(Uri url, string token, TestAgent agent)
    {
        try
        {
            await using var peer = await ConnectAsync(url, token);
            return (await peer.SayAsync(agent.Full())).Error?.Message ?? "";
        }
        catch (RefusedException refused)
        {
            return $"{refused.Status}";
        }
        catch (CheckFailedException failed) when (failed.Message.StartsWith("HTTP ", StringComparison.Ordinal))
        {
            return failed.Message["HTTP ".Length..];
        }
    }

    internal async Task<RawWebSocket> OpenAsync(string? bearer = null, params (string Name, string Value)[] headers)
    {
        using var limit = new CancellationTokenSource(Patience);
        var all = headers.ToList();
        if ((bearer ?? _token) is { Length: > 0 } secret)
        {
            all.Add(("Authorization", $"Bearer {secret}"));
        }

        var socket = await RawWebSocket.ConnectAsync(Url, all, limit.Token);
        _open.Add(socket);
        return socket;
    }

    /// <summary>Connects and says everything.</summary>
    internal async Task<(Peer Peer, ServerToAgent Reply)> EnterAsync(TestAgent agent)
    {
        var peer = await ConnectAsync();
        return (peer, await peer.SayAsync(agent.Full()));
    }

    /// <summary>What the server has to say: unasked over a WebSocket, with the next poll over plain HTTP.</summary>
    internal async Task<ServerToAgent?> HearAsync(Peer peer, TestAgent agent) =>
        Transport == Transport.Http ? await peer.SayAsync(agent.Beat()) : await peer.HearAsync(TimeSpan.FromSeconds(5));

    /// <summary>Nothing but an answer comes.</summary>
    internal async Task SilenceAsync(Peer peer)
    {
        if (await peer.HearAsync(Moment) is { } unasked)
        {
            throw new CheckFailedException($"the server said something unasked: {Says(unasked)}");
        }
    }

    internal void OnlyOver(Transport transport)
    {
        if (Transport != transport)
        {
            throw new NotApplicableException(transport == Transport.WebSocket ? "of WebSockets only" : "of plain HTTP only");
        }
    }

    internal static void True(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new CheckFailedException(otherwise);
        }
    }

    internal static void Applies(bool applies, string otherwise)
    {
        if (!applies)
        {
            throw new NotApplicableException(otherwise);
        }
    }

    /// <summary>Looks until it holds, for the server may do things behind its answer.</summary>
    internal static async Task EventuallyAsync(Func<Task<bool>> holds, string otherwise)
    {
        for (var i = 0; i < 100; i++)
        {
            if (await holds())
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        throw new CheckFailedException(otherwise);
    }

    internal static string Says(ServerToAgent reply)
    {
        var parts = new List<string>();
        void Add(object? part, string name)
        {
            if (part is not null)
            {
                parts.Add(name);
            }
        }

        Add(reply.Error, $"error_response {reply.Error?.Type} \"{reply.Error?.Message}\"");
        Add(reply.RemoteConfig, "remote_config");
        Add(reply.ConnectionSettings, "connection_settings");
        Add(reply.PackagesAvailable, "packages_available");
        Add(reply.Identification, "agent_identification");
        Add(reply.Command, "command");
        Add(reply.CustomMessage, "custom_message");
        Add(reply.Flags == ServerToAgentFlags.None ? null : reply.Flags, $"flags {reply.Flags}");
        return parts.Count == 0 ? "nothing but uid and capabilities" : string.Join(", ", parts);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        foreach (var open in _open)
        {
            await open.DisposeAsync();
        }
    }
}
