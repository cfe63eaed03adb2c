using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Host;

internal static partial class Log
{
    [LoggerMessage(EventId = 3100, EventName = "ReaderFailed", Level = LogLevel.Error,
        Message = "{Reader} failed; its metrics are missing. This is said once.")]
    public static partial void ReaderFailed(ILogger logger, string reader, Exception error);
}
