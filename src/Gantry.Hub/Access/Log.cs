namespace Gantry.Hub.Access;

internal static partial class Log
{
    [LoggerMessage(8001, LogLevel.Information, "{Method} {Path} from {Address} was refused: {Reason}", EventName = "Denied")]
    public static partial void Denied(ILogger logger, string method, string path, string address, string reason);

    [LoggerMessage(8002, LogLevel.Error, "The audit log could not be written ({Reason}); this is not in it: {What}", EventName = "AuditNotWritten")]
    public static partial void AuditNotWritten(ILogger logger, string what, string reason);

    [LoggerMessage(8003, LogLevel.Warning, "Everybody on this machine may do everything, until there is an admin token: gantry access bootstrap", EventName = "AccessOpen")]
    public static partial void AccessOpen(ILogger logger);

    [LoggerMessage(8004, LogLevel.Warning, "Listening on {Listen} without TLS: tokens can be read on the way. Put a proxy with TLS before it, or give --tls-cert and --tls-key", EventName = "NoTls")]
    public static partial void NoTls(ILogger logger, string listen);
}
