namespace Gantry.Hub.FleetManagement;

internal static partial class Log
{
    [LoggerMessage(4101, LogLevel.Error, "{Method} failed", EventName = "CallFailed")]
    public static partial void CallFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(4102, LogLevel.Error, "{Method} could not be written ({Reason}); nothing has changed", EventName = "CallNotWritten")]
    public static partial void NotWritten(ILogger logger, string method, string reason);

    [LoggerMessage(4103, LogLevel.Error, "Collectors could not be written ({Reason}); they stay in memory and it is tried again", EventName = "CollectorsNotWritten")]
    public static partial void CollectorsNotWritten(ILogger logger, string reason);

    [LoggerMessage(4104, LogLevel.Warning, "The hub knows {Most} collectors and keeps no more; others are served, and not shown", EventName = "CollectorsFull")]
    public static partial void CollectorsFull(ILogger logger, int most);

    [LoggerMessage(4105, LogLevel.Warning, "Collector {Id} refused configuration {Hash}: {Problem}", EventName = "ConfigRefused")]
    public static partial void ConfigRefused(ILogger logger, string id, string hash, string problem);

    [LoggerMessage(4106, LogLevel.Information, "{Method} by {Caller}: {What}", EventName = "FleetChanged")]
    public static partial void FleetChanged(ILogger logger, string method, string caller, string what);
}
