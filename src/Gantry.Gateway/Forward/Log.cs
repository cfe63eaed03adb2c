using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Forward;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Warning, "Destination {Destination} does not accept ({Reason})", EventName = "DestinationLost")]
    public static partial void DestinationLost(ILogger logger, string destination, string reason);

    [LoggerMessage(3002, LogLevel.Information, "Destination {Destination} accepts again", EventName = "DestinationBack")]
    public static partial void DestinationBack(ILogger logger, string destination);

    [LoggerMessage(3003, LogLevel.Warning, "Destination {Destination} refused a request for good ({Reason}); {Count} so far", EventName = "DestinationRefused")]
    public static partial void RequestRefused(ILogger logger, string destination, string reason, long count);

    [LoggerMessage(3004, LogLevel.Error, "A request to destination {Destination} could not be sent; it counts as not accepted", EventName = "AttemptFailed")]
    public static partial void AttemptFailed(ILogger logger, string destination, Exception exception);

    [LoggerMessage(3005, LogLevel.Warning, "Destination {Destination} is called without one of its headers: {Problem}", EventName = "HeaderMissing")]
    public static partial void HeaderMissing(ILogger logger, string destination, string problem);

    [LoggerMessage(3006, LogLevel.Warning, "LOST for destination {Destination}: {Requests} requests, {Reason}; {Count} since the start", EventName = "RequestsLost")]
    public static partial void RequestsLost(ILogger logger, string destination, long requests, string reason, long count);

    [LoggerMessage(3007, LogLevel.Information, "The spool of destination {Destination} takes data again", EventName = "SpoolBack")]
    public static partial void SpoolBack(ILogger logger, string destination);

    [LoggerMessage(3008, LogLevel.Warning, "The spool of destination {Destination} ended in {Bytes} bytes that are no whole record, as a crash leaves them ({File}); they were cut off", EventName = "SpoolTailCut")]
    public static partial void SpoolTailCut(ILogger logger, string destination, long bytes, string file);

    [LoggerMessage(3009, LogLevel.Error, "The spool of destination {Destination} is damaged: {Bytes} bytes of {File} from {Offset} on cannot be read and are LOST", EventName = "SpoolDamaged")]
    public static partial void SpoolDamaged(ILogger logger, string destination, long bytes, string file, long offset);

    [LoggerMessage(3010, LogLevel.Information, "The spool of destination {Destination} has {Bytes} bytes from an earlier run, which are sent first", EventName = "SpoolResumed")]
    public static partial void SpoolResumed(ILogger logger, string destination, long bytes);

    [LoggerMessage(3011, LogLevel.Warning, "The spool of destination {Destination} could not write {File} ({Reason}); after a crash more is sent twice", EventName = "SpoolPositionFailed")]
    public static partial void SpoolPositionFailed(ILogger logger, string destination, string file, string reason);

    [LoggerMessage(3012, LogLevel.Error, "Sending to destination {Destination} met an error; it goes on in a moment", EventName = "PumpFailed")]
    public static partial void PumpFailed(ILogger logger, string destination, Exception exception);

    [LoggerMessage(3013, LogLevel.Error, "Writing the spool of destination {Destination} met an error; what waited was not acknowledged", EventName = "SpoolWriterFailed")]
    public static partial void SpoolWriterFailed(ILogger logger, string destination, Exception exception);
}
