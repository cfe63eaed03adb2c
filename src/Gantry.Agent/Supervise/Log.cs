using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Supervise;

internal static partial class Log
{
    [LoggerMessage(EventId = 3700, EventName = "ChildStarted", Level = LogLevel.Information, Message = "Started {Program}, pid {Pid}.")]
    public static partial void Started(ILogger logger, string program, int pid);

    [LoggerMessage(EventId = 3701, EventName = "ChildEnded", Level = LogLevel.Warning, Message = "{Program}, pid {Pid}, ended: {Reason}. Next start in {Seconds} s.")]
    public static partial void Ended(ILogger logger, string program, int pid, string reason, double seconds);

    [LoggerMessage(EventId = 3702, EventName = "ChildGivenUp", Level = LogLevel.Error, Message = "{Program} is given up: {Reason}")]
    public static partial void GivenUp(ILogger logger, string program, string reason);

    [LoggerMessage(EventId = 3703, EventName = "ChildStopped", Level = LogLevel.Information, Message = "Stopped {Program}: {Reason}.")]
    public static partial void Stopped(ILogger logger, string program, string reason);
}
