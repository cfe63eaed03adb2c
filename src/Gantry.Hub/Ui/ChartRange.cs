namespace Gantry.Hub.Ui;

/// <summary>How far back the charts of a page look.</summary>
/// <param name="Key">As in the URL: <c>?range=6h</c>.</param>
/// <param name="Step">The least time between two drawn points: about 120 fit a chart.</param>
/// <param name="Tick">Time between two labels of the time axis.</param>
public sealed record ChartRange(string Key, string Title, TimeSpan Span, TimeSpan Step, TimeSpan Tick)
{
    /// <summary>What one looks at first: what happens now.</summary>
    public static ChartRange Default { get; } = new("15m", "15 min", TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));

    public static IReadOnlyList<ChartRange> All { get; } =
    [
        Default,
        new("1h", "1 h", TimeSpan.FromHours(1), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(15)),
        new("6h", "6 h", TimeSpan.FromHours(6), TimeSpan.FromMinutes(3), TimeSpan.FromHours(2)),
        new("24h", "24 h", TimeSpan.FromHours(24), TimeSpan.FromMinutes(12), TimeSpan.FromHours(6)),
    ];

    public static ChartRange From(string? key) => All.FirstOrDefault(range => range.Key == key) ?? Default;

    public string ToQuery() => this == Default ? "" : $"?range={Key}";

    /// <summary>The right edge of the charts: it moves by whole steps, so that an unchanged chart stays unchanged.</summary>
    public DateTimeOffset EndAt(DateTimeOffset now) => new(now.UtcTicks - (now.UtcTicks % Step.Ticks) + Step.Ticks, TimeSpan.Zero);
}
