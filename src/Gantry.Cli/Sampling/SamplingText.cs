using Gantry.Cli.Terminals;
using Gantry.Estate.Sampling;
using Gantry.Hub.Sampling;

namespace Gantry.Cli.Sampling;

/// <summary>Sampling as text.</summary>
internal static class SamplingText
{
    public static void Write(CliContext context, SamplingView view)
    {
        var (output, now) = (context.Terminal.Out, context.Time.GetUtcNow());
        if (view.Problem.Length > 0)
        {
            context.Terminal.Note($"Not what the policies say: {view.Problem}");
        }

        output.WriteLine(view.Revision.Length == 0
            ? "No sampling policy was ever declared: everything is kept."
            : $"Revision {view.Revision}, in force at the hub for {Words.Age(view.Since, now)}.");
        output.WriteLine();
        Table.Write(
            output,
            [
                new Column<Line>("#", line => line.Number, Right: true),
                new Column<Line>("POLICY", line => line.Policy),
                new Column<Line>("RULE", line => line.Rule),
                new Column<Line>("MATCH", line => line.Match),
                new Column<Line>("KEEPS", line => SamplingWords.Probability(line.Probability), Right: true),
                new Column<Line>("TH", line => line.Threshold),
            ],
            [.. Lines(view)]);
        if (view.Gateways.Count == 0)
        {
            context.Terminal.Note("No gateway has reported in the last five minutes.");
            return;
        }

        output.WriteLine();
        Table.Write(output, Gateways(now), view.Gateways);
    }

    private static IEnumerable<Line> Lines(SamplingView view)
    {
        var number = 0;
        foreach (var policy in view.Policies)
        {
            foreach (var rule in policy.Rules)
            {
                yield return new Line($"{++number}", policy.Name, rule.Name, rule.Match, rule.Probability, rule.Threshold);
            }
        }

        yield return new Line("", view.DefaultFrom, "default", "any other span", view.Default, SamplingWords.ThresholdOf(view.Default));
    }

    private static IReadOnlyList<Column<GatewaySamplingRow>> Gateways(DateTimeOffset now) =>
    [
        new("GATEWAY", row => row.Door.Length > 0 ? row.Door : row.Id),
        new("REVISION", row => row.Revision),
        new("STATE", row => row.State),
        new("SINCE", row => Words.Age(row.Since, now), Right: true),
        new("SEEN", row => $"{row.Seen}", Right: true),
        new("KEPT", row => $"{row.Kept}", Right: true),
        new("SHARE", row => Words.Percent(row.KeptShare), Right: true),
        new("REPORTED", row => Words.Age(row.LastSeen, now), Right: true),
    ];

    private sealed record Line(string Number, string Policy, string Rule, string Match, double Probability, string Threshold);
}
