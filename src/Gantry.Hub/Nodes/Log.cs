namespace Gantry.Hub.Nodes;

internal static partial class Log
{
    [LoggerMessage(8501, LogLevel.Information, "This node ({Id}) takes the gateways' reports from now on", EventName = "Observes")]
    public static partial void Observes(ILogger logger, string id);

    [LoggerMessage(8502, LogLevel.Warning, "The database is away ({Reason}): another node may take the gateways' reports until it is back", EventName = "LeaseLost")]
    public static partial void LeaseLost(ILogger logger, string reason);

    [LoggerMessage(8503, LogLevel.Warning, "Agents of other nodes could not be read ({Reason}); it is tried again each second", EventName = "AgentsNotRead")]
    public static partial void AgentsNotRead(ILogger logger, string reason);

    [LoggerMessage(8504, LogLevel.Information, "{Path} belongs to node {Node}, which does not answer ({Reason})", EventName = "NodeUnreachable")]
    public static partial void NodeUnreachable(ILogger logger, string path, Uri? node, string reason);
}
