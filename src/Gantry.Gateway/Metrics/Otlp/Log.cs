using Microsoft.Extensions.Logging;

namespace Gantry.Gateway.Metrics.Otlp;

internal static partial class Log
{
    [LoggerMessage(2601, LogLevel.Warning, "Metrics of spans were not accepted ({Reason}); they go with the next ones", EventName = "MetricsNotAccepted")]
    public static partial void NotAccepted(ILogger logger, string reason);

    [LoggerMessage(2602, LogLevel.Warning, "The destination rejected {Points} points of span metrics: {Reason}", EventName = "MetricPointsRejected")]
    public static partial void PointsRejected(ILogger logger, long points, string reason);

    [LoggerMessage(2603, LogLevel.Error, "Metrics of spans could not be exported; the next ones tell it", EventName = "MetricsExportFailed")]
    public static partial void ExportFailed(ILogger logger, Exception exception);
}
