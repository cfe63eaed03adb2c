using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Instrument;

internal static partial class Log
{
    [LoggerMessage(EventId = 3300, EventName = "PlanTaken", Level = LogLevel.Information, Message = "Plan {Hash} of {Rules} rules is in force.")]
    public static partial void PlanTaken(ILogger logger, int rules, string hash);

    [LoggerMessage(EventId = 3301, EventName = "PlanRefused", Level = LogLevel.Warning, Message = "Plan {Hash} is refused, the one before stays in force: {Reason}")]
    public static partial void PlanRefused(ILogger logger, string hash, string reason);

    [LoggerMessage(EventId = 3302, EventName = "KeptPlanUnreadable", Level = LogLevel.Warning, Message = "The plan kept in {Path} cannot be read, so every process is left alone until the hub gives one: {Reason}")]
    public static partial void KeptPlanUnreadable(ILogger logger, string path, string reason);

    [LoggerMessage(EventId = 3303, EventName = "PlanNotKept", Level = LogLevel.Warning, Message = "The plan cannot be kept in {Path}; after a start without the hub an older one would be in force: {Reason}")]
    public static partial void PlanNotKept(ILogger logger, string path, string reason);

    [LoggerMessage(EventId = 3304, EventName = "ProcessState", Level = LogLevel.Information, Message = "{Process} (pid {Pid}) is {State}{Reason}.")]
    public static partial void State(ILogger logger, string process, uint pid, string state, string reason);

    [LoggerMessage(EventId = 3305, EventName = "InstrumenterFailed", Level = LogLevel.Error, Message = "{Instrumenter} failed; its processes stay as they are.")]
    public static partial void InstrumenterFailed(ILogger logger, string instrumenter, Exception error);
}
