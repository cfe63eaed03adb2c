using System.CommandLine;
using System.Text;
using Gantry.Cli.Api;
using Gantry.Cli.Get;
using Gantry.Cli.Verbs;
using Gantry.Hub.Coverage;
using Gantry.Hub.Estate;
using Gantry.Hub.Instrument;

namespace Gantry.Cli.Declare;

/// <summary><c>gantry instrument</c>: the shortest way from a process to its instrumentation.</summary>
internal static class InstrumentCommand
{
    public static Command Create(CliContext context)
    {
        var process = new Argument<string>("PROCESS") { Description = "Its name, pid or id, as in `gantry get processes`" };
        var service = new Option<string>("--service") { Description = "What its telemetry calls it", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var space = new Option<string>("--namespace") { Description = "service.namespace of its telemetry", HelpName = "NAME", DefaultValueFactory = _ => "" };
        var apply = new Option<bool>("--apply") { Description = "Declare it; without, it is only shown" };
        var hub = HubAddress.Option(context);
        var verb = new Verb("instrument", "Write an Instrumentation for one process, and show what it would reach", context)
        {
            Details =
                "The document goes to stdout, what it would reach to stderr; nothing is changed without --apply. It is as narrow as what is known of the\n" +
                "process allows: its host, script and unit. Edit it where it should reach more.",
            Examples =
            [
                new Example("gantry instrument payments.dll", "the document, and which processes it would reach"),
                new Example("gantry instrument payments.dll --service payments --apply", "and declare it"),
                new Example("gantry instrument 4711", "by its pid; what goes to stdout is a file for gantry apply -f"),
            ],
        };
        verb.Add(process);
        foreach (var option in new Option[] { service, space, apply, hub })
        {
            verb.Add(option);
        }

        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub), ApplyCommand.Patience);
            var row = Find(await client.GetAsync<List<ProcessRow>>("processes", cancellation), parsed.GetRequiredValue(process));
            var document = SuggestedInstrumentation.For(row, parsed.GetRequiredValue(service), parsed.GetRequiredValue(space));
            var preview = JsonText.Read<PlanPreview>(await client.ChangeAsync(
                HttpMethod.Post, "instrumentations/preview?file=-", new StringContent(document, Encoding.UTF8, "application/yaml"), cancellation));
            context.Terminal.Out.Write(document);
            await context.Terminal.Out.FlushAsync(cancellation);
            var code = PreviewCommand.WriteTo(context, context.Terminal.Error, preview, OutputFormats.Table);
            return code != ExitCodes.Ok || !parsed.GetValue(apply) ? code : await ApplyAsync(context, client, document, cancellation);
        });
    }

    private static ProcessRow Find(List<ProcessRow> rows, string asked)
    {
        var found = rows.Where(row => row.Id == asked || row.Name == asked || $"{row.Pid}" == asked).ToList();
        // Several processes of one program are one answer: the document is for the program.
        return found.Count == 0 ? throw new CommandFailure($"there is no process '{Terminals.Table.Clean(asked)}' among the hub's {rows.Count}; see `gantry get processes`")
            : found.Select(row => (row.HostId, row.Script, row.Executable, row.Unit)).Distinct().Count() > 1
                ? throw new CommandFailure($"{found.Count} processes are called '{Terminals.Table.Clean(asked)}'; give the pid or id of one: {string.Join(", ", found.Take(5).Select(row => $"{row.Pid} on {row.HostName}"))}")
                : found[0];
    }

    private static async Task<int> ApplyAsync(CliContext context, HubClient client, string document, CancellationToken cancellation)
    {
        var answer = await client.AskAsync<ApplyAnswer>(
            "apply?source=cli", new ApplyRequest([new DocumentFile("-", document)]), cancellation, System.Net.HttpStatusCode.BadRequest, System.Net.HttpStatusCode.Conflict, System.Net.HttpStatusCode.PreconditionFailed);
        if (!answer.Applied)
        {
            throw new CommandFailure(answer.Problems.Count > 0 ? string.Join("; ", answer.Problems) : $"it was not taken: {string.Join(", ", answer.Changes.Select(change => change.Result))}", ExitCodes.Refused);
        }

        context.Terminal.Note("Declared. `gantry get processes` shows how far it has come.");
        return ExitCodes.Ok;
    }
}
