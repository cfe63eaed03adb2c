using System.Globalization;
using Gantry.Cli.Get;
using Gantry.Cli.Terminals;
using Gantry.Hub.Journeys;
using Gantry.Hub.Ui.Journeys;

namespace Gantry.Cli.Journeys;

/// <summary>The page of a journey as text.</summary>
internal static class JourneyDescription
{
    public static void Write(CliContext context, JourneyRow row)
    {
        var (output, paint, now) = (context.Terminal.Out, context.Terminal.OutPaint, context.Time.GetUtcNow());
        output.WriteLine($"{paint.Bold(Lines.One(row.Title))} ({Lines.One(row.Name)}): {(row.State == "dark" ? "never seen" : row.State)}{(row.Owner.Length > 0 ? $", owner {Lines.One(row.Owner)}" : "")}");
        output.WriteLine(Lines.One(JourneyText.Verdict(row)));
        if (JourneyText.Unjudged(row) is { Length: > 0 } unjudged)
        {
            output.WriteLine(unjudged);
        }

        output.WriteLine($"Complete: {JourneyText.Complete(row.Complete)}{(row.Complete is { } share ? $", newest {Words.Age(share.At, now)} ago" : "")}. Last request: {(row.LastSeen is null ? "never" : $"{Words.Age(row.LastSeen, now)} ago")}.");
        WriteWay(context, row);
        WriteBreaks(context, row, now);
        WriteObjectives(output, row, now);
        if (row.Next is { } next)
        {
            output.WriteLine();
            StepText.Write(output, paint, next);
            output.WriteLine($"      All of its steps: gantry journey next {Lines.One(row.Name)}");
        }
    }

    private static void WriteWay(CliContext context, JourneyRow row)
    {
        var (output, paint) = (context.Terminal.Out, context.Terminal.OutPaint);
        output.WriteLine();
        output.WriteLine($"The way, {(row.IsDeclared ? "as declared, with what was seen" : "learnt from traces")}:");
        if (row.Hops.Count == 0)
        {
            output.WriteLine("  nothing of it was seen yet");
            return;
        }

        var tree = new HopTree(row);
        var lines = new List<(HopRow Hop, string Name)>();
        foreach (var root in tree.Roots)
        {
            Add(root, 0);
        }

        var width = Math.Min(56, lines.Max(line => line.Name.Length));
        foreach (var (hop, name) in lines)
        {
            var broken = row.Breaks.FirstOrDefault(item => item.Id == hop.Break);
            var line = $"{(hop.Break.Length > 0 ? "!!" : "  ")}{name.PadRight(width)}  {RungOf(hop),-16} {Words.Percent(hop.Share),6}  {Figures(hop)}".TrimEnd();
            output.WriteLine(hop.Break.Length > 0 ? paint.Red(line) : hop.State is "outside" or "unseen" ? paint.Dim(line) : line);
            if (broken is not null)
            {
                output.WriteLine($"  {new string(' ', name.Length - name.TrimStart().Length)}  {paint.Red("^ " + Lines.One(broken.Title))}");
            }
        }

        void Add(HopRow hop, int level)
        {
            var operation = hop.Operation.Length > 0 ? $"  {hop.Operation}" : "";
            lines.Add((hop, Cut($"{new string(' ', 2 * level)}{Lines.One(hop.End.Name)}{Lines.One(operation)}")));
            foreach (var child in tree.ChildrenOf(hop.Id))
            {
                Add(child, level + 1);
            }
        }
    }

    private static string Cut(string text) => text.Length <= 56 ? text : string.Concat(text.AsSpan(0, 55), "…");

    private static string RungOf(HopRow hop) => hop.State is "outside" or "unseen" ? JourneyText.State(hop) : Words.RungOf(hop.Rung, hop.State == "stale");

    private static string Figures(HopRow hop) => hop.Red is { } red ? $"{Words.PerSecond(red.Rate),8}  {Words.Percent(red.ErrorShare),6}  {Words.Percentile(red.P95),6}" : hop.State == "live" ? "" : JourneyText.State(hop);

    private static void WriteBreaks(CliContext context, JourneyRow row, DateTimeOffset now)
    {
        var (output, paint) = (context.Terminal.Out, context.Terminal.OutPaint);
        output.WriteLine();
        output.WriteLine(row.Breaks.Count == 0 ? "No link on its way is known to lose traces." : $"{row.Breaks.Count} {(row.Breaks.Count == 1 ? "break" : "breaks")}, the one that costs most first:");
        foreach (var item in row.Breaks)
        {
            output.WriteLine();
            output.WriteLine($"  {paint.Bold(Lines.One(item.Title))}  [{item.Code}]");
            output.WriteLine($"    link:     {Lines.One(item.From.Name)} -> {(item.Queue.Length > 0 ? $"queue {Lines.One(item.Queue)} -> " : "")}{Lines.One(item.To.Name)}, last seen {Words.Age(item.LastSeen, now)} ago");
            output.WriteLine($"    cause:    {Lines.One(item.Cause)}");
            output.WriteLine($"    evidence: {Lines.One(item.Evidence)} {item.Requests.ToString("#,0", CultureInfo.InvariantCulture)} requests in the last hour{(item.Lost is { } lost ? $", {JourneyText.Interval(lost)} of the link" : "")}.");
            output.WriteLine($"    fix:      {Lines.One(item.Fix)}{(item.Method.Length > 0 ? $" (method {item.Method})" : "")}");
            if (item.Also.Count > 0)
            {
                output.WriteLine($"    behind:   {Lines.One(string.Join(", ", item.Also))}");
            }

            if (item.Command.Length > 0)
            {
                output.WriteLine($"    $ {Lines.One(item.Command)}");
            }
        }
    }

    private static void WriteObjectives(TextWriter output, JourneyRow row, DateTimeOffset now)
    {
        if (row.Objectives.Count == 0)
        {
            return;
        }

        output.WriteLine();
        Table.Write(
            output,
            [
                new Column<ObjectiveRow>("OBJECTIVE", item => item.Name),
                new Column<ObjectiveRow>("AT", item => item.Service.Length > 0 ? item.Service : "entry"),
                new Column<ObjectiveRow>("INDICATOR", item => item.Indicator == "duration" ? $"{item.Indicator} {item.ThresholdSeconds:0.###}s" : item.Indicator),
                new Column<ObjectiveRow>("STATE", item => item.State),
                new Column<ObjectiveRow>("COUNTED", item => Words.Age(item.LastAt, now), Right: true),
                new Column<ObjectiveRow>("TARGET", item => Exact(item.Target), Right: true),
                new Column<ObjectiveRow>("GOOD", item => Exact(item.Good), Right: true),
                new Column<ObjectiveRow>("BUDGET", item => Words.Percent(item.Budget), Right: true),
                new Column<ObjectiveRow>("BURNING", item => string.Join(',', item.Burns.Where(burn => burn.Holds).Select(burn => burn.Alert))),
            ],
            row.Objectives);
    }

    /// <summary>A promise of 99.95 % is not to be rounded away.</summary>
    private static string Exact(double? share) => share is { } value ? (value * 100).ToString("0.###", CultureInfo.InvariantCulture) + "%" : "-";
}
