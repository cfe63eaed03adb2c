using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Instrument.Injector;

internal static partial class Log
{
    [LoggerMessage(EventId = 3800, EventName = "UnitRestarted", Level = LogLevel.Information, Message = "Restarted {Unit} for its instrumentation.")]
    public static partial void Restarted(ILogger logger, string unit);

    [LoggerMessage(EventId = 3801, EventName = "UnitWell", Level = LogLevel.Information, Message = "{Unit} is well with its instrumentation.")]
    public static partial void Well(ILogger logger, string unit);

    [LoggerMessage(EventId = 3802, EventName = "InstrumentationRolledBack", Level = LogLevel.Error, Message = "The instrumentation of {Unit} was taken back: {Reason}")]
    public static partial void RolledBack(ILogger logger, string unit, string reason);

    [LoggerMessage(EventId = 3803, EventName = "PreloadTakenOut", Level = LogLevel.Error, Message = "The injector's line was taken out of /etc/ld.so.preload: {Reason}")]
    public static partial void TakenOut(ILogger logger, string reason);

    [LoggerMessage(EventId = 3804, EventName = "InjectorFailed", Level = LogLevel.Error, Message = "Instrumenting by files failed; it is tried again at the next scan.")]
    public static partial void Failed(ILogger logger, Exception error);
}
