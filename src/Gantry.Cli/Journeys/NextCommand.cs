using System.CommandLine;
using System.Globalization;
using Gantry.Cli.Api;
using Gantry.Cli.Get;
using Gantry.Cli.Verbs;
using Gantry.Hub.Coverage.Steps;

namespace Gantry.Cli.Journeys;

/// <summary><c>gantry next</c>: what to do next, for the estate, a journey or an owner.</summary>
internal static class NextCommand
{
    private const int Standard = 10;

    private const int Highest = 1000;

    public static Command Create(CliContext context)
    {
        var owner = new Option<string?>("--owner") { Description = "Only what this person or team has to do", HelpName = "TEAM" };
        var journey = new Option<string?>("--journey") { Description = "Only what makes this journey whole", HelpName = "NAME" };
        var most = Most();
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("next", "What to do next, best first: what it gains, what it costs, and the command that does it", context)
        {
            Details =
                "Infrastructure first; then one journey after the other until it is whole; custom last. Within that, what gains most for least cost.\n" +
                "docs/steps.md has the whole rule.",
            Examples =
            [
                new Example("gantry next", "of the whole estate"),
                new Example("gantry next --owner checkout-team", "what one team has to do"),
                new Example("gantry next --journey purchase --most 3", "the first three for a journey"),
                new Example("gantry next -o json", "the API's rows"),
            ],
        };
        foreach (var option in new Option[] { owner, journey, most, format, hub })
        {
            verb.Add(option);
        }

        return verb.Runs((parsed, cancellation) => RunAsync(
            context, parsed.GetRequiredValue(hub), parsed.GetValue(journey), parsed.GetValue(owner), parsed.GetRequiredValue(most), parsed.GetRequiredValue(format), cancellation));
    }

    public static Option<int> Most() => NumberOption.Create("--most", $"At most so many [default: {Standard}]", "N", Standard, 1, Highest);

    public static async Task<int> RunAsync(CliContext context, Uri hub, string? journey, string? owner, int most, string format, CancellationToken cancellation)
    {
        using var client = new HubClient(context, hub);
        var query = string.Concat(
            FormattableString.Invariant($"steps?most={most}"),
            journey is null ? "" : $"&journey={Uri.EscapeDataString(journey)}",
            owner is null ? "" : $"&owner={Uri.EscapeDataString(owner)}");
        var rows = await client.GetJsonAsync(query, cancellation);
        if (format == OutputFormats.Json)
        {
            JsonText.Write(context.Terminal.Out, rows);
            return ExitCodes.Ok;
        }

        var steps = JsonText.Read<List<StepRow>>(rows);
        if (steps.Count == 0)
        {
            context.Terminal.Note(journey is not null ? $"Nothing is left to do for {journey}. `gantry next` is about the whole estate." : owner is not null ? $"Nothing is left to do for {owner}." : "Nothing is left to do.");
        }

        foreach (var step in steps)
        {
            Write(context, step, journey);
        }

        return ExitCodes.Ok;
    }

    /// <summary>One step, a few lines.</summary>
    public static void Write(CliContext context, StepRow step, string? journey)
    {
        var (output, paint) = (context.Terminal.Out, context.Terminal.OutPaint);
        output.WriteLine($"{step.Rank.ToString(CultureInfo.InvariantCulture),3}. {paint.Bold(Lines.One(step.Title))}{(step.Owner.Length > 0 ? $" ({Lines.One(step.Owner)})" : "")}");
        output.WriteLine($"     {Lines.One(step.Why)}");
        if (StepWords.Gain(step, journey) is { Length: > 0 } gain)
        {
            output.WriteLine($"     gains: {Lines.One(gain)}");
        }

        output.WriteLine($"     costs: {Lines.One(StepWords.Cost(step))}");
        if (step.Command.Length > 0)
        {
            output.WriteLine($"     $ {Lines.One(step.Command)}");
        }
    }
}
