using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Boot;

internal static partial class Log
{
    [LoggerMessage(EventId = 3000, EventName = "AgentStarted", Level = LogLevel.Information,
        Message = "gantry-agent {Version} on {Host}: metrics to {Gateway}, inventory to {Hub}, every {Seconds} s.")]
    public static partial void Started(ILogger logger, string version, string host, string gateway, string hub, double seconds);

    [LoggerMessage(EventId = 3002, EventName = "NetworkLimit", Level = LogLevel.Information, Message = "Network view: {Limit}.")]
    public static partial void NetworkLimit(ILogger logger, string limit);

    [LoggerMessage(EventId = 3001, EventName = "AgentStopped", Level = LogLevel.Information, Message = "gantry-agent stopped.")]
    public static partial void Stopped(ILogger logger);
}
