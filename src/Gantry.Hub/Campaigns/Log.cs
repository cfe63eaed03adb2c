namespace Gantry.Hub.Campaigns;

internal static partial class Log
{
    [LoggerMessage(9101, LogLevel.Error, "How far campaigns are could not be written ({Reason}); it is tried again within a minute", EventName = "CampaignsNotWritten")]
    public static partial void CampaignsNotWritten(ILogger logger, string reason);
}
