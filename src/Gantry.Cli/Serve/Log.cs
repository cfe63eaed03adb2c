using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Serve;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Error, "The agent of this machine has failed; hub and gateway go on without it", EventName = "AgentFailed")]
    public static partial void AgentFailed(ILogger logger, Exception exception);
}
