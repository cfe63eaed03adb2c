using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Forward;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Warning, "Destination {Destination} does not accept ({Reason}); clients are told to retry", EventName = "DestinationLost")]
    public static partial void DestinationLost(ILogger logger, Uri destination, string reason);

    [LoggerMessage(3002, LogLevel.Information, "Destination {Destination} accepts again", EventName = "DestinationBack")]
    public static partial void DestinationBack(ILogger logger, Uri destination);

    [LoggerMessage(3003, LogLevel.Warning, "Destination {Destination} refused a request for good with status {Status}", EventName = "DestinationRefused")]
    public static partial void DestinationRefused(ILogger logger, Uri destination, int status);
}
