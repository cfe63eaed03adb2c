using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Receive;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "{What} read from {File}", EventName = "AccessReloaded")]
    public static partial void AccessReloaded(ILogger logger, string what, string file);

    [LoggerMessage(1002, LogLevel.Warning, "{What} changed and is wrong, what was in force stays: {Problem}", EventName = "AccessKept")]
    public static partial void AccessKept(ILogger logger, string what, string problem);

    [LoggerMessage(1003, LogLevel.Error, "The door {Door} does not take connections any more", EventName = "DoorFailed")]
    public static partial void DoorFailed(ILogger logger, Exception exception, System.Net.EndPoint door);
}
