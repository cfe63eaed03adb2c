using System.CommandLine;
using System.Net;
using System.Text;
using Gantry.Cli.Api;
using Gantry.Cli.Declare;
using Gantry.Cli.Verbs;
using Gantry.Estate.Journeys;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;
using Gantry.Hub.Objectives.OpenSlo;

namespace Gantry.Cli.OpenSlo;

/// <summary><c>gantry openslo</c>: objectives of journeys as OpenSLO v1, and back.</summary>
internal static class OpenSloCommand
{
    public static Command Create(CliContext context)
    {
        var verb = new Verb("openslo", "Take a journey's objectives to OpenSLO v1 files, or from them", context)
        {
            Examples = [new Example("gantry openslo export purchase -o purchase.yaml", "for tools that speak OpenSLO"), new Example("gantry openslo import slos.yaml", "what files of others would become")],
        };
        verb.Add(Export(context));
        verb.Add(Import(context));
        return verb;
    }

    private static Verb Export(CliContext context)
    {
        var journey = new Argument<string>("JOURNEY") { Description = "Its name" };
        var file = new Option<string?>("--output", "-o") { Description = "A file; one that is there is written over", HelpName = "FILE" };
        var hub = HubAddress.Option(context);
        var verb = new Verb("export", "A journey's objectives as SLOs, with an alert policy for each burn rate", context)
        {
            Details = "Queries are over the gateway's span metrics in Prometheus (docs/metrics.md). `gantry openslo import` makes the same journey of it again.",
            Examples = [new Example("gantry openslo export purchase", "to standard output"), new Example("gantry openslo export purchase -o purchase.yaml", "to a file")],
        };
        verb.Add(journey);
        verb.Add(file);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var row = await client.GetAsync<ResourceRow>($"resources/{JourneyReader.Kind.Plural}/{Uri.EscapeDataString(parsed.GetRequiredValue(journey))}", cancellation);
            var problems = new ResourceProblems(row.Name);
            if (ResourceText.Read(row.Document, problems) is not [{ Model: Journey model }])
            {
                throw new CommandFailure($"the hub's journey {Terminals.Table.Clean(row.Name)} cannot be read by this gantry ({string.Join("; ", problems.All.Take(1))}); use the hub's own version");
            }

            var text = OpenSloWriter.Write(model);
            if (parsed.GetValue(file) is not { } path)
            {
                context.Terminal.Out.Write(text);
                return ExitCodes.Ok;
            }

            try
            {
                await File.WriteAllTextAsync(path, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellation);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new CommandFailure($"-o {path}: cannot be written ({exception.Message.TrimEnd('.')})");
            }

            context.Terminal.Note($"{model.Objectives.Count} {(model.Objectives.Count == 1 ? "objective is" : "objectives are")} in {path}");
            return ExitCodes.Ok;
        });
    }

    private static Verb Import(CliContext context)
    {
        var files = new Argument<string[]>("FILE") { Description = "OpenSLO v1 files, or - for standard input", Arity = ArgumentArity.OneOrMore };
        var journey = new Option<string?>("--journey") { Description = "One journey of all SLOs, by this name; without it one for each service", HelpName = "NAME" };
        var entry = new Option<string?>("--entry") { Description = "The request that the journey begins with", HelpName = "SERVICE/OPERATION" };
        entry.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && OpenSloReader.ParseEntry(text) is null)
            {
                result.AddError($"--entry '{text}': expected SERVICE or SERVICE/OPERATION, such as 'storefront/POST /purchase'");
            }
        });
        journey.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !ResourceDocument.NamePattern().IsMatch(text))
            {
                result.AddError($"--journey '{text}': expected up to 63 lower-case letters, digits, '-' and '.'");
            }
        });
        var apply = new Option<bool>("--apply") { Description = "Declare the journeys; without it they are only shown" };
        var owners = new OwnerOptions(context);
        var hub = HubAddress.Option(context);
        var verb = new Verb("import", "Journeys of OpenSLO files, and what of them does not map, each with why", context)
        {
            Details = "The journeys go to standard output, ready for `gantry apply -f -`; what is left out or taken for something near goes to stderr.",
            Examples =
            [
                new Example("gantry openslo import purchase.yaml", "shows the journeys"),
                new Example("gantry openslo import slos.yaml --journey purchase --entry 'storefront/POST /purchase' --apply", "declares one of files that somebody else's tool wrote"),
            ],
        };
        foreach (var option in new Option[] { journey, entry, apply, owners.Owner, owners.TakeOver, hub })
        {
            verb.Add(option);
        }

        verb.Add(files);
        return verb.Runs(async (parsed, cancellation) =>
        {
            var texts = new List<(string, string)>();
            foreach (var file in parsed.GetRequiredValue(files))
            {
                texts.Add((file, await DocumentFiles.TextAsync(context, file, cancellation)));
            }

            var import = OpenSloReader.Read(texts, parsed.GetValue(journey) ?? "", parsed.GetValue(entry) is { } begins ? OpenSloReader.ParseEntry(begins) : null);
            foreach (var problem in import.Problems)
            {
                // It repeats what somebody else wrote.
                context.Terminal.Note(DiffText.Clean(problem.ToString()));
            }

            if (import.Problems.Any(problem => problem.Severity == ResourceProblem.Error) || import.Journeys.Count == 0)
            {
                throw new CommandFailure(import.Journeys.Count == 0 ? "there is no SLO to take; nothing was done" : "not all of it can be read; nothing was done", ExitCodes.Refused);
            }

            var document = string.Join("---\n", import.Journeys.Select(item => item.Document));
            if (!parsed.GetValue(apply))
            {
                context.Terminal.Out.Write(document);
                return ExitCodes.Ok;
            }

            using var client = new HubClient(context, parsed.GetRequiredValue(hub), ApplyCommand.Patience);
            var answer = await client.AskAsync<ApplyAnswer>(
                $"apply?dryRun=false&{owners.Query(parsed, context, "OpenSLO")}", new ApplyRequest([new DocumentFile("OpenSLO", document)], null), cancellation,
                HttpStatusCode.BadRequest, HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed);
            await ApplyConflict.FailAsync(context, client, answer, ResourceText.Read(document, new ResourceProblems("OpenSLO")), built: null, cancellation);
            foreach (var change in answer.Changes)
            {
                context.Terminal.Out.WriteLine(DiffText.Clean($"{change.Result} {change.Resource.Kind} {change.Resource.Name}: {change.Resource.Summary}"));
            }

            return ExitCodes.Ok;
        });
    }
}
