using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Report;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Warning, "Hub {Hub} is not reachable ({Reason}); counting goes on, reports wait", EventName = "HubUnreachable")]
    public static partial void HubUnreachable(ILogger logger, Uri hub, string reason);

    [LoggerMessage(2003, LogLevel.Error, "A report to the hub could not be made; the next one tells everything again", EventName = "ReportFailed")]
    public static partial void ReportFailed(ILogger logger, Exception exception);

    [LoggerMessage(2002, LogLevel.Information, "Hub {Hub} is reachable again; reports resumed", EventName = "HubReachable")]
    public static partial void HubReachable(ILogger logger, Uri hub);

    [LoggerMessage(2004, LogLevel.Warning, "{Path} could not be written ({Reason}); should this gateway be killed, the hub waits five minutes for it", EventName = "RunNotKept")]
    public static partial void RunNotKept(ILogger logger, string path, string reason);
}
