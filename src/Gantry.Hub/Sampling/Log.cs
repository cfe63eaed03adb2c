namespace Gantry.Hub.Sampling;

internal static partial class Log
{
    [LoggerMessage(1401, LogLevel.Information, "Sampling policy {Revision} with {Rules} rules is in force", EventName = "PolicyInForce")]
    public static partial void PolicyInForce(ILogger logger, string revision, int rules);

    [LoggerMessage(1402, LogLevel.Error, "Sampling policy {Revision} could not be written to the history ({Reason}); it is in force all the same", EventName = "RevisionNotKept")]
    public static partial void RevisionNotKept(ILogger logger, string revision, string reason);
}
