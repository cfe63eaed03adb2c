using Gantry.Cli.Terminals;

namespace Gantry.Cli.Demo;

/// <summary>The two tables of the demo: the shop in the dark, and how it ended.</summary>
internal static class DemoTables
{
    public static void WriteDark(TextWriter output, IReadOnlyList<Tally> tallies) => Table.Write(
        output,
        [
            new Column<Tally>("SERVICE", tally => tally.Plan.Name),
            new Column<Tally>("RUNG", tally => Rung(tally.Before)),
            new Column<Tally>("LANGUAGE", tally => tally.Before?.Language ?? ""),
            new Column<Tally>("RECOGNISED BY", tally => tally.Before?.LanguageRule ?? ""),
            new Column<Tally>("SEEN AS", tally => tally.Before?.Name ?? ""),
        ],
        tallies,
        indent: "  ");

    public static void WriteResult(TextWriter output, IReadOnlyList<Tally> tallies) => Table.Write(
        output,
        [
            new Column<Tally>("SERVICE", tally => tally.Plan.Name),
            new Column<Tally>("LANGUAGE", tally => (tally.After ?? tally.Before)?.Language ?? ""),
            new Column<Tally>("RUNG BEFORE -> AFTER", tally => $"{Rung(tally.Before)} -> {Rung(tally.After)}"),
            new Column<Tally>("SENT (ACCESS LOG)", tally => $"{tally.Sent}", Right: true),
            new Column<Tally>("COUNTED (RED)", tally => $"{tally.Counted}", Right: true),
            new Column<Tally>("EQUAL", tally => tally.IsEqual ? "yes" : "NO"),
            new Column<Tally>("PROCESS", tally => tally.IsUntouched ? "untouched" : "restarted"),
        ],
        tallies);

    private static string Rung(Hub.Coverage.ServiceRow? row) => row is null ? "?" : Words.RungOf(row.Rung, row.Stale);
}
