using System.CommandLine;
using Gantry.Cli.Api;
using Gantry.Cli.Terminals;
using Gantry.Cli.Verbs;
using Gantry.Hub.Quality;
using Gantry.Hub.Quality.Company;

namespace Gantry.Cli.Get;

/// <summary><c>gantry score</c>: the Instrumentation Score of one service, rule by rule, with what puts each right.</summary>
internal static class ScoreCommand
{
    // The longest setting has six lines; what comes from the hub may be anything.
    private const int MaxLine = 300;

    public static Command Create(CliContext context)
    {
        var service = new Argument<string>("SERVICE") { Description = "Its name or id" };
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("score", "The Instrumentation Score of a service: what fails, why it matters, what puts it right", context)
        {
            Details =
                "The score has the official rules only, of the revision that it names. What could not be judged stands below, with the reason.\n" +
                "Rules of your own (QualityRule) make a company score, which stands apart below it.",
            Examples =
            [
                new Example("gantry score cart", "the score, what fails with its fix, and what could not be judged"),
                new Example("gantry score cart -o json", "every rule, as the API has it"),
                new Example("gantry get scores", "the scores of all services, lowest first"),
            ],
        };
        verb.Add(service);
        verb.Add(format);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var detail = await client.GetJsonAsync($"services/{Uri.EscapeDataString(parsed.GetRequiredValue(service))}/score", cancellation);
            return OutputFormats.Write<ScoreDetail>(context, detail, parsed.GetRequiredValue(format), read => Write(context, read));
        });
    }

    private static void Write(CliContext context, ScoreDetail detail)
    {
        var (output, now, score) = (context.Terminal.Out, context.Time.GetUtcNow(), detail.Score);
        output.WriteLine($"{Table.Clean(score.Service)}: {ScoreColumns.Number(score.Value)} of 100{(score.Band.Length > 0 ? $", {score.Band}" : "")}");
        output.WriteLine($"{score.Judged} of {score.Rules} official rules judged (specification {score.Specification}, last {score.WindowDays} days, oldest evidence {Words.Age(score.Since, now)}).");
        if (score.Value is not null && score.Judged < score.Rules)
        {
            output.WriteLine($"It may not be complete: with the others it would be between {ScoreColumns.Number(score.Lowest)} and {ScoreColumns.Number(score.Highest)}.");
        }

        foreach (var rule in detail.Rules.Where(rule => rule.State == "failed"))
        {
            output.WriteLine();
            output.WriteLine($"FAILED {rule.Id} {rule.Title} ({rule.Impact}, last {Words.Age(rule.LastFailed, now)} ago)");
            output.WriteLine($"  found  {Line(rule.Finding)}");
            output.WriteLine($"  why    {Line(rule.Why)}");
            output.WriteLine($"  fix    {Line(rule.Fix)}");
            foreach (var line in rule.Setting.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                output.WriteLine($"         {Line(line)}");
            }
        }

        WriteOpen(output, detail.Rules);
        if (detail.Company is { } company)
        {
            WriteCompany(output, company, now);
        }
    }

    private static void WriteCompany(TextWriter output, CompanyDetail detail, DateTimeOffset now)
    {
        var score = detail.Score;
        output.WriteLine();
        output.WriteLine($"COMPANY SCORE: {ScoreColumns.Number(score.Value)} of 100{(score.Band.Length > 0 ? $", {score.Band}" : "")}");
        output.WriteLine($"{score.Judged} of {score.Rules} own rules judged; they are no part of the score above.");
        if (score.Value is not null && score.Judged < score.Rules)
        {
            output.WriteLine($"It may not be complete: with the others it would be between {ScoreColumns.Number(score.Lowest)} and {ScoreColumns.Number(score.Highest)}.");
        }

        foreach (var rule in detail.Rules.Where(rule => rule.State == "failed"))
        {
            output.WriteLine();
            output.WriteLine($"FAILED {Line(rule.Name)}: {Line(rule.Title)} ({rule.Impact}{(rule.LastSeen is null ? "" : $", evidence {Words.Age(rule.LastSeen, now)} old")})");
            output.WriteLine($"  needs  {Line(rule.Requires)}");
            output.WriteLine($"  found  {Line(rule.Finding)}");
            var label = "  fix    ";
            foreach (var line in rule.Fix.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                output.WriteLine($"{label}{Line(line)}");
                label = "         ";
            }
        }

        var others = detail.Rules.Where(rule => rule.State != "failed").ToList();
        if (others.Count > 0)
        {
            output.WriteLine();
            Table.Write(
                output,
                [new Column<CompanyRuleRow>("RULE", rule => rule.Name), new Column<CompanyRuleRow>("STATE", rule => rule.State), new Column<CompanyRuleRow>("IMPACT", rule => rule.Impact), new Column<CompanyRuleRow>("EVIDENCE", rule => rule.Finding)],
                others);
        }
    }

    private static void WriteOpen(TextWriter output, IReadOnlyList<RuleRow> rules)
    {
        var open = rules.Where(rule => rule.State == "not-judged").ToList();
        if (open.Count > 0)
        {
            output.WriteLine();
            Table.Write(output, [new Column<RuleRow>("NOT JUDGED", rule => rule.Id), new Column<RuleRow>("IMPACT", rule => rule.Impact), new Column<RuleRow>("WHY NOT", rule => rule.Finding)], open);
        }
    }

    private static string Line(string text)
    {
        var cut = text.Length > MaxLine ? text[..MaxLine] : text;
        return string.Concat(cut.Select(c => char.IsControl(c) ? '�' : c));
    }
}
