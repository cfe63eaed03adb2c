using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Report;

internal static partial class Log
{
    [LoggerMessage(EventId = 3200, EventName = "GatewayLost", Level = LogLevel.Warning,
        Message = "Gateway {Endpoint} took no metrics: {Reason}. Fresh ones follow each interval; said again when it is back.")]
    public static partial void GatewayLost(ILogger logger, Uri endpoint, string reason);

    [LoggerMessage(EventId = 3201, EventName = "GatewayBack", Level = LogLevel.Information, Message = "Gateway {Endpoint} takes metrics.")]
    public static partial void GatewayBack(ILogger logger, Uri endpoint);

    [LoggerMessage(EventId = 3210, EventName = "HubConnected", Level = LogLevel.Information,
        Message = "Hub {Endpoint} answered; this agent is {InstanceUid}.")]
    public static partial void HubConnected(ILogger logger, Uri endpoint, Guid instanceUid);

    [LoggerMessage(EventId = 3211, EventName = "HubLost", Level = LogLevel.Warning,
        Message = "Hub {Endpoint} is away: {Reason}. The agent works on without it and keeps trying; said again when it is back.")]
    public static partial void HubLost(ILogger logger, Uri endpoint, string reason);

    [LoggerMessage(EventId = 3212, EventName = "HubRetry", Level = LogLevel.Debug, Message = "Next attempt in {Wait}: {Reason}.")]
    public static partial void HubRetry(ILogger logger, TimeSpan wait, string reason);

    [LoggerMessage(EventId = 3213, EventName = "HubRefused", Level = LogLevel.Warning, Message = "The hub refused a message: {Reason}.")]
    public static partial void HubRefused(ILogger logger, string reason);

    [LoggerMessage(EventId = 3214, EventName = "NewInstanceUid", Level = LogLevel.Information, Message = "The hub named this agent {InstanceUid}.")]
    public static partial void NewInstanceUid(ILogger logger, Guid instanceUid);

    [LoggerMessage(EventId = 3220, EventName = "StateNotKept", Level = LogLevel.Warning,
        Message = "State folder {Folder} cannot be used: {Reason}. After a restart this agent will seem to be another.")]
    public static partial void StateNotKept(ILogger logger, string folder, string reason);

    [LoggerMessage(EventId = 3221, EventName = "CredentialNotKept", Level = LogLevel.Warning,
        Message = "The agent's credential could not be written to {File}: {Reason}. After a restart it enrols again.")]
    public static partial void CredentialNotKept(ILogger logger, string file, string reason);
}
