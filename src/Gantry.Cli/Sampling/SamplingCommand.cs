using System.CommandLine;
using Gantry.Cli.Api;
using Gantry.Cli.Get;
using Gantry.Cli.Verbs;
using Gantry.Hub.Sampling;

namespace Gantry.Cli.Sampling;

/// <summary><c>gantry sampling</c>: what is kept, by whose decision, and what each gateway does.</summary>
internal static class SamplingCommand
{
    public static Command Create(CliContext context)
    {
        var sampling = new Verb("sampling", "Show what sampling keeps and why", context)
        {
            Details = "Policies are declared with `gantry apply -f FILE`; docs/sampling.md says what can stand in one.",
            Examples =
            [
                new Example("gantry sampling get", "policies in the order in which they are asked, and each gateway"),
                new Example("gantry sampling explain --service cart --status error", "which rule decides over such a span"),
            ],
        };
        sampling.Add(Get(context));
        sampling.Add(ExplainCommand.Create(context));
        return sampling;
    }

    private static Verb Get(CliContext context)
    {
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("get", "Policies in order with their rules, then what each gateway has in force and keeps", context)
        {
            Details =
                "TH is the threshold that kept spans carry in tracestate (ot=th:…). A gateway's STATE is \"in force\" when it has the hub's revision, \"behind\" while\n" +
                "the hub's is on its way, \"kept\" when it has one from before and the hub has none, \"silent\" when it has not reported for 45 s.",
            Examples = [new Example("gantry sampling get", "as text"), new Example("gantry sampling get -o json", "as the API has it")],
        };
        verb.Add(format);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var view = await client.GetJsonAsync("sampling", cancellation);
            return OutputFormats.Write<SamplingView>(context, view, parsed.GetRequiredValue(format), read => SamplingText.Write(context, read));
        });
    }
}
