namespace Gantry.Hub.Coverage.Changes;

internal static partial class Log
{
    [LoggerMessage(8701, LogLevel.Error, "What changed cannot be written ({Reason}); it is tried again in ten seconds", EventName = "ChangesNotWritten")]
    public static partial void ChangesNotWritten(ILogger logger, string reason);
}
