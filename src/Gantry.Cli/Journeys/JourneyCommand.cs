using System.CommandLine;
using Gantry.Cli.Api;
using Gantry.Cli.Get;
using Gantry.Cli.Verbs;
using Gantry.Hub.Journeys;

namespace Gantry.Cli.Journeys;

/// <summary><c>gantry journey</c>: how whole each journey is, where it breaks, and what is next.</summary>
internal static class JourneyCommand
{
    private const string Empty =
        "No journeys yet. A journey is declared: `gantry apply -f FILE` with kind Journey; docs/journeys.md has one to copy, and the hub's page /journeys one for what it already sees.";

    public static Command Create(CliContext context)
    {
        var journey = new Verb("journey", "Show how whole a journey's traces are, where they break, and what mends them", context)
        {
            Details = "Journeys are declared with `gantry apply -f FILE`; docs/journeys.md says what can stand in one and what each figure means.",
            Examples =
            [
                new Example("gantry journey get", "every journey, its state and how complete it is"),
                new Example("gantry journey describe purchase", "its way, hop by hop, and each break with cause and fix"),
                new Example("gantry journey next purchase", "what makes it whole, best first"),
            ],
        };
        journey.Add(Get(context));
        journey.Add(Describe(context));
        journey.Add(Next(context));
        return journey;
    }

    private static Verb Get(CliContext context)
    {
        var name = new Argument<string?>("NAME") { Description = "Only the one of this name", Arity = ArgumentArity.ZeroOrOne };
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Wide, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("get", "Journeys: state, completeness, breaks, figures of the entry", context)
        {
            Details = "COMPLETE is the share of requests with a whole trace, with its 99 % interval; \"-\" before a trace was looked at.",
            Examples = [new Example("gantry journey get", "as a table"), new Example("gantry journey get -o json", "the API's rows, with hops, breaks and objectives")],
        };
        verb.Add(name);
        verb.Add(format);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            return new RowList<JourneyRow>("journeys", JourneyColumns.All, Empty).Write(context, await client.GetJsonAsync("journeys", cancellation), parsed.GetValue(name), parsed.GetRequiredValue(format));
        });
    }

    private static Verb Describe(CliContext context)
    {
        var name = Name();
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("describe", "One journey: its way as a tree, every break with cause, evidence and fix, its objectives", context)
        {
            Details =
                "Each line of the way is a station: its rung, its share of the requests, and rate, errors and p95 of the operation that answers. A line that begins\n" +
                "with !! is a station whose link loses the trace; the breaks follow below, the one that costs most first.",
            Examples = [new Example("gantry journey describe purchase", "as text"), new Example("gantry journey describe purchase -o json", "one object, as the API has it")],
        };
        verb.Add(name);
        verb.Add(format);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var row = await client.GetJsonAsync($"journeys/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}", cancellation);
            return OutputFormats.Write<JourneyRow>(context, row, parsed.GetRequiredValue(format), read => JourneyDescription.Write(context, read));
        });
    }

    private static Verb Next(CliContext context)
    {
        var name = Name();
        var most = NextCommand.Most();
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("next", "What makes one journey whole, best first", context)
        {
            Examples = [new Example("gantry journey next purchase", "its next steps, with gain, cost and command"), new Example("gantry journey next purchase --most 1", "the first of them")],
        };
        foreach (var symbol in new Option[] { most, format, hub })
        {
            verb.Add(symbol);
        }

        verb.Add(name);
        return verb.Runs((parsed, cancellation) => NextCommand.RunAsync(
            context, parsed.GetRequiredValue(hub), parsed.GetRequiredValue(name), owner: null, parsed.GetRequiredValue(most), parsed.GetRequiredValue(format), cancellation));
    }

    private static Argument<string> Name() => new("NAME") { Description = "Its metadata.name, as in `gantry journey get`" };
}
