namespace Gantry.Hub.Objectives;

internal static partial class Log
{
    [LoggerMessage(9001, LogLevel.Error, "Counts of objectives could not be written ({Reason}); they are tried again", EventName = "ObjectivesNotWritten")]
    public static partial void ObjectivesNotWritten(ILogger logger, string reason);
}
