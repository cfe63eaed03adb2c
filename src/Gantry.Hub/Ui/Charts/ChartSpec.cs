using Gantry.Estate.Use;

namespace Gantry.Hub.Ui.Charts;

/// <summary>How a line looks. Told apart by dash and weight too, not by colour alone.</summary>
public enum LineStyle
{
    /// <summary>The main line, with a tinted area below it.</summary>
    Main,

    /// <summary>A second quantity, dashed.</summary>
    Second,

    /// <summary>A third quantity, dotted.</summary>
    Third,

    /// <summary>Failures, with a tinted area.</summary>
    Bad,
}

/// <summary>One line.</summary>
/// <param name="Values">One for each time of the chart; null, NaN and infinity are gaps.</param>
public sealed record ChartSeries(string Name, LineStyle Style, IReadOnlyList<double?> Values);

/// <summary>What to draw.</summary>
/// <param name="Id">Unique on the page and stable across renderings.</param>
/// <param name="Times">Ascending, shared by all series.</param>
/// <param name="Step">The usual time between two points; a line breaks where they are much further apart.</param>
/// <param name="FixedTop">The top of the axis where it has a meaning (1 for a share that cannot exceed 100 %).</param>
/// <param name="LeastTop">The lowest top of the axis otherwise.</param>
public sealed record ChartSpec(
    string Id,
    string Title,
    MetricDefinition? Definition,
    ChartUnit Unit,
    DateTimeOffset From,
    DateTimeOffset To,
    TimeSpan TickEvery,
    TimeSpan Step,
    IReadOnlyList<DateTimeOffset> Times,
    IReadOnlyList<ChartSeries> Series,
    double? FixedTop = null,
    double LeastTop = 0)
{
    /// <summary>What changed meanwhile, drawn as upright lines.</summary>
    public IReadOnlyList<ChartMark> Marks { get; init; } = [];

    /// <summary>The axis goes on beyond now, so its end says nothing about how old a line is.</summary>
    public bool GoesBeyondNow { get; init; }
}

/// <summary>A moment to remember.</summary>
/// <param name="Text">In one line, for a person.</param>
public sealed record ChartMark(DateTimeOffset At, string Text);
