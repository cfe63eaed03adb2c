namespace Gantry.Hub.Fleet;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Debug, "An OpAMP connection ended without a goodbye: {Reason}", EventName = "ConnectionLost")]
    public static partial void ConnectionLost(ILogger logger, string reason);
}
