using System.Globalization;
using Gantry.Cli.Journeys;
using Gantry.Cli.Terminals;
using Gantry.Hub.Journeys;

namespace Gantry.Cli.Demo.Gaps;

/// <summary>What the hub says is broken, and how it ended.</summary>
internal static class GapsTable
{
    /// <summary>As `gantry journey describe` has them, in short.</summary>
    public static IEnumerable<string> Describe(BreakRow row)
    {
        yield return $"  {Ends(row)}  [{Lines.One(row.Code)}]";
        yield return $"    cause     {Lines.One(row.Cause)}";
        yield return $"    evidence  {Lines.One(row.Evidence)}";
        yield return $"    fix       {Lines.One(row.Fix)}";
        if (row.Command.Length > 0)
        {
            yield return $"    command   {Lines.One(row.Command)}";
        }
    }

    public static void Write(TextWriter output, GapsResult result) => Table.Write(
        output,
        [
            new Column<GapResult>("BREAK", gap => $"{gap.From} -> {(gap.Queue.Length > 0 ? $"{gap.Queue} -> " : "")}{gap.Service}"),
            new Column<GapResult>("NAMED", gap => gap.Break is null ? "NO" : gap.Code),
            new Column<GapResult>("FIXED BY", gap => gap.FixedBy),
            new Column<GapResult>("GONE AFTER", gap => gap.Seconds is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds:F1} s") : "NOT", Right: true),
            new Column<GapResult>("CAUSE", gap => gap.Break?.Cause ?? ""),
        ],
        result.Gaps);

    public static string Ends(BreakRow row) => Lines.One($"{row.From.Name} → {(row.Queue.Length > 0 ? $"{row.Queue} → " : "")}{row.To.Name}");
}
