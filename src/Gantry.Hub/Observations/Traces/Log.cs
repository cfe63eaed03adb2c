namespace Gantry.Hub.Observations.Traces;

internal static partial class Log
{
    [LoggerMessage(9001, LogLevel.Error, "A round over the chosen traces failed; the traces of this second are not looked at", EventName = "TracesNotJudged")]
    public static partial void TracesNotJudged(ILogger logger, Exception exception);
}
