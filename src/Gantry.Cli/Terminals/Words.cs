using Gantry.Estate.Ladder;

namespace Gantry.Cli.Terminals;

/// <summary>Values as cells of a table.</summary>
internal static class Words
{
    /// <summary>How long ago, in one unit: "12s", "4m", "3h", "2d"; "-" for never.</summary>
    public static string Age(DateTimeOffset? then, DateTimeOffset now)
    {
        if (then is null)
        {
            return "-";
        }

        // Another machine's clock may be ahead.
        var age = now > then ? now - then.Value : TimeSpan.Zero;
        return age switch
        {
            { TotalMinutes: < 1 } => $"{(int)age.TotalSeconds}s",
            { TotalHours: < 1 } => $"{(int)age.TotalMinutes}m",
            { TotalDays: < 1 } => $"{(int)age.TotalHours}h",
            _ => $"{(int)age.TotalDays}d",
        };
    }

    /// <summary>"1 infrastructure"; a rung that was higher on evidence that has grown old is marked.</summary>
    public static string RungOf(int rung, bool stale) =>
        $"{rung} {((Rung)rung).ToString().ToLowerInvariant()}{(stale ? " (stale)" : "")}";

    public static string Percent(double? share) => share is null ? "-" : $"{share.Value * 100:0.#}%";

    public static string PerSecond(double? rate) => rate is null ? "-" : rate.Value >= 100 ? $"{rate.Value:0}/s" : $"{rate.Value:0.##}/s";

    /// <summary>A percentile, interpolated within its bucket: below the first bound (5 ms) and above the last (10 s) only the bound is known.</summary>
    public static string Percentile(double? seconds) => seconds switch
    {
        null => "-",
        <= 0.005 => "<=5ms",
        >= 10 => ">10s",
        < 1 => $"{seconds * 1e3:0}ms",
        _ => $"{seconds:0.#}s",
    };
}
