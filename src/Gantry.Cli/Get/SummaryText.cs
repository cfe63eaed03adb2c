using Gantry.Cli.Terminals;
using Gantry.Estate.Ladder;
using Gantry.Hub.Coverage;

namespace Gantry.Cli.Get;

/// <summary>The home page as text.</summary>
internal static class SummaryText
{
    public static void Write(CliContext context, Summary summary)
    {
        var output = context.Terminal.Out;
        var columns = new Column<Rung>[]
        {
            new("RUNG", rung => Words.RungOf((int)rung, stale: false)),
            new("HOSTS", rung => Count(summary.HostRungs, rung), Right: true),
            new("SERVICES", rung => Count(summary.ServiceRungs, rung), Right: true),
        };
        Table.Write(output, columns, Enum.GetValues<Rung>().OrderDescending().ToList());
        output.WriteLine();
        output.WriteLine($"Agents: {summary.ConnectedAgents} of {summary.Agents} connected. Stale: {summary.StaleHosts} hosts, {summary.StaleServices} services.");
        WriteAttention(output, summary.Attention, context.Time.GetUtcNow());
        output.WriteLine();
        StepText.Write(output, context.Terminal.OutPaint, summary.Next);
    }

    private static void WriteAttention(TextWriter output, IReadOnlyList<Attention> attention, DateTimeOffset now)
    {
        if (attention.Count == 0)
        {
            return;
        }

        output.WriteLine();
        Table.Write(
            output,
            [
                new Column<Attention>("ATTENTION", row => row.Severity),
                new Column<Attention>("SINCE", row => Words.Age(row.Since, now), Right: true),
                new Column<Attention>("WHAT", row => row.Title),
                new Column<Attention>("DETAIL", row => row.Detail),
            ],
            attention);
    }

    /// <summary>A host can stand on the lower rungs only, a service not on Infrastructure.</summary>
    private static string Count(IReadOnlyList<int> byRung, Rung rung) => (int)rung < byRung.Count ? $"{byRung[(int)rung]}" : "";
}
