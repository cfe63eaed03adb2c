namespace Gantry.Hub.Rollouts;

internal static partial class Log
{
    [LoggerMessage(1501, LogLevel.Error, "{Kind} {Name} cannot be read by this version of Gantry ({Problem}); configurations stay as they are until it is applied again or deleted", EventName = "EstateUnreadable")]
    public static partial void EstateUnreadable(ILogger logger, string kind, string name, string problem);

    [LoggerMessage(1502, LogLevel.Error, "Revision {Number} of cohort {Cohort} could not be written to the history ({Reason}); agents get it all the same", EventName = "ConfigRevisionNotKept")]
    public static partial void RevisionNotKept(ILogger logger, string cohort, long number, string reason);

    [LoggerMessage(1503, LogLevel.Warning, "Cohort {Cohort} {Outcome}: {Resource}: {Problem}", EventName = "CompiledWithProblems")]
    public static partial void CompiledWithProblems(ILogger logger, string cohort, string outcome, string resource, string problem);

    [LoggerMessage(1504, LogLevel.Error, "What agents were given last could not be written ({Reason}); it is tried again", EventName = "LastGoodNotWritten")]
    public static partial void LastGoodNotWritten(ILogger logger, string reason);
}
