using Gantry.Hub.Journeys;

namespace Gantry.Cli.Demo.Gaps;

/// <summary>How a run ended: what <c>--json</c> writes.</summary>
/// <param name="Gaps">Those that were planted, in the order in which they were fixed.</param>
/// <param name="Unexpected">Breaks that the hub named and nobody planted.</param>
/// <param name="Left">Breaks that the hub still names at the end.</param>
/// <param name="State">Of the journey, at the end.</param>
internal sealed record GapsResult(string Journey, IReadOnlyList<GapResult> Gaps, IReadOnlyList<BreakRow> Unexpected, IReadOnlyList<BreakRow> Left, string State)
{
    /// <summary>Exactly the planted ones were named, and each was gone in time.</summary>
    public bool Ok => Unexpected.Count == 0 && Left.Count == 0 && Gaps.All(gap => gap.Ok);
}

/// <summary>What became of one planted gap.</summary>
/// <param name="Break">As the hub named it; null when it did not.</param>
/// <param name="Seconds">From the moment at which the fix was in place until the hub no longer named it; null when it was not fixed, or not gone within twice the limit.</param>
/// <param name="LimitSeconds">What it may take.</param>
internal sealed record GapResult(string From, string Service, string Queue, string Code, BreakRow? Break, string FixedBy, double? Seconds, double LimitSeconds)
{
    public bool Ok => Break is not null && Seconds <= LimitSeconds;
}
