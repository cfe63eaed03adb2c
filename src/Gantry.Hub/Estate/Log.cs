namespace Gantry.Hub.Estate;

internal static partial class Log
{
    [LoggerMessage(1301, LogLevel.Error, "{Kind} {Name} was applied to another version of Gantry and cannot be read by this one: {Problem}", EventName = "ResourceUnreadable")]
    public static partial void ResourceUnreadable(ILogger logger, string kind, string name, string problem);

    [LoggerMessage(1302, LogLevel.Information, "{Kind} {Name} {Result} by {Source}, generation {Generation}", EventName = "ResourceApplied")]
    public static partial void ResourceApplied(ILogger logger, string kind, string name, string result, string source, long generation);
}
