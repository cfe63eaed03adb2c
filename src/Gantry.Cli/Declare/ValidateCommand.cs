using System.CommandLine;
using Gantry.Cli.Api;
using Gantry.Cli.Verbs;
using Gantry.Hub.Estate;

namespace Gantry.Cli.Declare;

/// <summary><c>gantry validate</c>: what a hub would have against documents.</summary>
internal static class ValidateCommand
{
    public static Command Create(CliContext context)
    {
        var files = FileOption.Create("A file, a folder (every .yaml, .yml and .json in it and below), or - for standard input; may be given several times", required: true);
        var owners = new OwnerOptions(context);
        var hub = HubAddress.Option(context);
        var verb = new Verb("validate", "Check documents as applying them would, and change nothing", context)
        {
            Details = "Each problem is a line FILE:LINE:COLUMN: FIELD 'VALUE': what is accepted. Exit code 3 with errors, 0 with none or with warnings only.",
            Examples = [new Example("gantry validate -f config", "in a pull request")],
        };
        verb.Add(files);
        owners.AddTo(verb);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub), ApplyCommand.Patience);
            var (texts, documents) = await DocumentFiles.ReadWithFilesAsync(context, parsed.GetRequiredValue(files), cancellation);
            var answer = await client.AskAsync<ApplyAnswer>($"validate?{owners.Query(parsed, context, "validate")}", new ApplyRequest(texts), cancellation);
            await ApplyConflict.FailAsync(context, client, answer, documents, built: null, cancellation);
            context.Terminal.Out.WriteLine(documents.Count == 1 ? "1 document, no errors" : $"{documents.Count} documents, no errors");
            return ExitCodes.Ok;
        });
    }
}
