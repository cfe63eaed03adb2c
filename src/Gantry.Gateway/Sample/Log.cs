using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Sample;

internal static partial class Log
{
    [LoggerMessage(2201, LogLevel.Information, "Sampling policy {Revision} with {Rules} rules is in force", EventName = "PolicyInForce")]
    public static partial void PolicyInForce(ILogger logger, string revision, int rules);

    [LoggerMessage(2202, LogLevel.Information, "Sampling policy {Revision} with {Rules} rules, from before or from a file, is in force until the hub has another", EventName = "PolicyFromBefore")]
    public static partial void PolicyFromBefore(ILogger logger, string revision, int rules);

    [LoggerMessage(2203, LogLevel.Warning, "Hub {Hub} gave sampling policy '{Refused}', which this gateway cannot take ({Reason}); '{Revision}' stays in force", EventName = "PolicyRefused")]
    public static partial void PolicyRefused(ILogger logger, Uri hub, string refused, string revision, string reason);

    [LoggerMessage(2204, LogLevel.Warning, "Hub {Hub} gives no sampling policy ({Reason}); '{Revision}' stays in force", EventName = "HubAway")]
    public static partial void HubAway(ILogger logger, Uri hub, string reason, string revision);

    [LoggerMessage(2205, LogLevel.Information, "Hub {Hub} answers for sampling policies again", EventName = "HubAnswersAgain")]
    public static partial void HubAnswersAgain(ILogger logger, Uri hub);

    [LoggerMessage(2206, LogLevel.Warning, "Hub {Hub} has never had a sampling policy; {Revision}, which is not from it, stays in force", EventName = "HubHasNoPolicy")]
    public static partial void HubHasNoPolicy(ILogger logger, Uri hub, string revision);

    [LoggerMessage(2207, LogLevel.Error, "The sampling policy in {File} is not believed ({Reason}); it is as if there were none until the hub answers", EventName = "PolicyFileRefused")]
    public static partial void PolicyFileRefused(ILogger logger, string file, string reason);

    [LoggerMessage(2208, LogLevel.Error, "The sampling policy could not be kept in {File} ({Reason}); it is in force, and a restart without the hub goes on with an older one", EventName = "PolicyNotKept")]
    public static partial void PolicyNotKept(ILogger logger, string file, string reason);
}
