namespace Gantry.Hub.Fleet;

internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Debug, "An OpAMP connection ended without a goodbye: {Reason}", EventName = "ConnectionLost")]
    public static partial void ConnectionLost(ILogger logger, string reason);

    [LoggerMessage(4002, LogLevel.Debug, "An OpAMP connection was cut: its peer answered no ping", EventName = "PeerSilent")]
    public static partial void PeerSilent(ILogger logger);

    [LoggerMessage(4003, LogLevel.Warning, "An OpAMP message of {Bytes} bytes was not sent: the limit is {Most}", EventName = "OversizeNotSent")]
    public static partial void OversizeNotSent(ILogger logger, int bytes, int most);

    [LoggerMessage(4004, LogLevel.Error, "Agents could not be assigned their configurations: {Reason}", EventName = "NotAssigned")]
    public static partial void NotAssigned(ILogger logger, string reason);

    [LoggerMessage(4005, LogLevel.Information, "OpAMP connections are turned away for now: too many at once ({Lane})", EventName = "TurnedAway")]
    public static partial void TurnedAway(ILogger logger, string lane);

    [LoggerMessage(4006, LogLevel.Warning, "Agent {Agent} was not given a credential of its own ({Reason}); it is tried again with a later message", EventName = "CredentialNotIssued")]
    public static partial void CredentialNotIssued(ILogger logger, Guid agent, string reason);

    [LoggerMessage(4007, LogLevel.Information, "A signing request of agent {Agent} was not signed: {Reason}", EventName = "NotSigned")]
    public static partial void NotSigned(ILogger logger, Guid agent, string reason);

    [LoggerMessage(4008, LogLevel.Error, "What became of the notice of agent {Agent}'s revocation ({How}) is not in the audit log: {Reason}", EventName = "RevocationNotWritten")]
    public static partial void RevocationNotWritten(ILogger logger, string agent, string how, string reason);
}
