using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Instrument.Attach;

internal static partial class Log
{
    [LoggerMessage(EventId = 3500, EventName = "Attached", Level = LogLevel.Information, Message = "Attached to process {Pid}, .NET {Version}, as {Service}.")]
    public static partial void Attached(ILogger logger, uint pid, string version, string service);

    [LoggerMessage(EventId = 3501, EventName = "Detached", Level = LogLevel.Information, Message = "Detached from process {Pid}: {Spans} spans, {Points} metric points, {Dropped} events dropped by its runtime.")]
    public static partial void Detached(ILogger logger, uint pid, long spans, long points, ulong dropped);

    [LoggerMessage(EventId = 3502, EventName = "AttachFailed", Level = LogLevel.Warning, Message = "Process {Pid} is not attached: {Reason}. It is tried again; said again when it works.")]
    public static partial void AttachFailed(ILogger logger, uint pid, string reason);

    [LoggerMessage(EventId = 3510, EventName = "ForwardLost", Level = LogLevel.Warning,
        Message = "Gateway {Endpoint} took nothing of attached processes: {Reason}. Spans are lost meanwhile, metrics are not; said again when it is back.")]
    public static partial void ForwardLost(ILogger logger, Uri endpoint, string reason);

    [LoggerMessage(EventId = 3511, EventName = "ForwardBack", Level = LogLevel.Information, Message = "Gateway {Endpoint} takes data of attached processes.")]
    public static partial void ForwardBack(ILogger logger, Uri endpoint);
}
