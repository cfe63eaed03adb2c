using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Apply;

internal static partial class Log
{
    [LoggerMessage(EventId = 3600, EventName = "FilesApplied", Level = LogLevel.Information, Message = "Wrote {Written} and restored {Restored} files of the host.")]
    public static partial void Applied(ILogger logger, int written, int restored);

    [LoggerMessage(EventId = 3601, EventName = "FilesRecovered", Level = LogLevel.Warning, Message = "A change of the host's files had been cut off; it was undone.")]
    public static partial void Recovered(ILogger logger);

    [LoggerMessage(EventId = 3602, EventName = "FilesRefused", Level = LogLevel.Warning, Message = "The host's files stay as they are: {Reason}")]
    public static partial void Refused(ILogger logger, string reason);

    [LoggerMessage(EventId = 3603, EventName = "FileSkipped", Level = LogLevel.Warning, Message = "A file of the host was left as it is, the others were not: {Reason}")]
    public static partial void Skipped(ILogger logger, string reason);
}
