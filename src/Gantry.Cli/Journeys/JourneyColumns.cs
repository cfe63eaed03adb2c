using Gantry.Cli.Terminals;
using Gantry.Hub.Journeys;

namespace Gantry.Cli.Journeys;

internal static class JourneyColumns
{
    public static IReadOnlyList<Column<JourneyRow>> All(DateTimeOffset now) =>
    [
        new("NAME", row => row.Name),
        new("STATE", row => row.State == "dark" ? "never seen" : row.State),
        new("COMPLETE", row => row.Complete is { } share ? JourneyText.Interval(share) : "", Right: true),
        new("BREAKS", row => $"{row.Breaks.Count}", Right: true),
        new("RUNG", row => Words.RungOf(row.Reached, stale: false)),
        new("RATE", row => Words.PerSecond(row.Red?.Rate), Right: true),
        new("ERRORS", row => Words.Percent(row.Red?.ErrorShare), Right: true),
        new("P95", row => Words.Percentile(row.Red?.P95), Right: true),
        new("SEEN", row => Words.Age(row.LastSeen, now), Right: true),
        new("OWNER", row => row.Owner, Wide: true),
        new("ENTRY", row => row.Entry.Name, Wide: true),
        new("OPERATION", row => row.Operation, Wide: true),
        new("HOPS", row => $"{row.Hops.Count}", Right: true, Wide: true),
        new("OBJECTIVES", row => string.Join(',', row.Objectives.Select(item => $"{item.Name}:{item.State}")), Wide: true),
        new("LOOKED AT", row => row.Complete is { } share ? $"{share.Chosen} of {share.Of}" : "", Wide: true),
        new("NEXT", row => row.Next?.Title ?? "", Wide: true),
    ];
}
