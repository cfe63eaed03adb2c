namespace Gantry.Hub.Fleet;

/// <summary>One transport connection; several agents may share it. Over HTTP it lasts for one exchange.</summary>
/// <param name="Transport">"websocket" or "http".</param>
internal sealed record AgentConnection(string Transport, Guid Id)
{
    public bool IsWebSocket => Id != Guid.Empty;

    public static AgentConnection Http { get; } = new("http", Guid.Empty);

    public static AgentConnection WebSocket() => new("websocket", Guid.NewGuid());
}
