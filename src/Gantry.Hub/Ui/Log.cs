using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gantry.Hub.Ui;

internal static partial class Log
{
    [LoggerMessage(7001, LogLevel.Error, "The page {Path} could not be drawn", EventName = "PageFailed")]
    public static partial void PageFailed(ILogger logger, Exception error, PathString path);

    [LoggerMessage(7002, LogLevel.Error, "The live fragments of {Page} could not be drawn; its viewers keep what they see", EventName = "LiveRenderFailed")]
    public static partial void LiveRenderFailed(ILogger logger, Exception error, string page);

    [LoggerMessage(7003, LogLevel.Warning, "{Viewers} pages are live, which is the limit; further ones stay as loaded and ask again", EventName = "LiveFull")]
    public static partial void LiveFull(ILogger logger, int viewers);
}
