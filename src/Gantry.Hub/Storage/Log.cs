namespace Gantry.Hub.Storage;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Error, "State could not be written ({Reason}); it stays in memory and is tried again", EventName = "WriteFailed")]
    public static partial void WriteFailed(ILogger logger, string reason);

    [LoggerMessage(5002, LogLevel.Error, "What other hub nodes changed could not be read ({Reason}); it is tried again each second", EventName = "ChangesNotRead")]
    public static partial void ChangesNotRead(ILogger logger, string reason);
}
