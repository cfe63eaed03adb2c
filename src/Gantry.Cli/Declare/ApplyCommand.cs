using System.CommandLine;
using System.Net;
using System.Text.Json;
using Gantry.Cli.Api;
using Gantry.Cli.Get;
using Gantry.Cli.Terminals;
using Gantry.Cli.Verbs;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Cli.Declare;

/// <summary><c>gantry apply</c>: declares resources.</summary>
internal static class ApplyCommand
{
    /// <summary>A folder of ten thousand pipelines takes its time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Command Create(CliContext context)
    {
        var files = FileOption.Create("A file, a folder (every .yaml, .yml and .json in it and below), or - for standard input; may be given several times", required: true);
        var dryRun = DryRun();
        var owners = new OwnerOptions(context);
        var version = new Option<long?>("--if-version") { Description = "Only if the resource is still in this version (gantry get KIND -o wide shows it); 0: only if there is none", HelpName = "N" };
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("apply", "Declare resources: create them, or change them to what the documents say", context)
        {
            Details =
                "Documents are YAML or JSON, several in a file with --- between them. All are checked together, and all are applied as one change, or none; each problem\n" +
                "names file, line, column, field and the fix (exit code 3). What another owner applied, or somebody changed since --if-version, is exit code 5, with\n" +
                "the difference. With --dry-run the exit code is 2 when something would change, 0 when not.",
            Examples =
            [
                new Example("gantry apply -f sampling.yaml", "created, changed or unchanged, for each resource"),
                new Example("gantry apply -f policies --dry-run", "what a folder would change"),
                new Example("gantry apply -f config --owner git/shop", "from a pipeline of the repository shop: others do not change it by hand"),
                new Example("gantry apply -f edge.yaml --if-version 12", "not if somebody was faster"),
                new Example("gantry apply -f -", "from a pipe"),
            ],
        };
        foreach (var option in new Option[] { files, dryRun, owners.Owner, owners.TakeOver, version, format, hub })
        {
            verb.Add(option);
        }

        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub), Patience);
            var paths = parsed.GetRequiredValue(files);
            var (texts, documents) = await DocumentFiles.ReadWithFilesAsync(context, paths, cancellation);
            if (parsed.GetValue(version) is not null && documents.Count != 1)
            {
                throw new CommandFailure($"--if-version is for one document, and these are {documents.Count}; apply that one by itself");
            }

            var expected = parsed.GetValue(version) is { } number ? new Dictionary<string, long> { [$"{documents[0].Kind.Plural}/{documents[0].Name}"] = number } : null;
            var only = parsed.GetValue(dryRun);
            var from = string.Join(", ", paths.Select(path => path == DocumentFiles.StandardInput ? "standard input" : path));
            var answer = await client.AskAsync<ApplyAnswer>(
                $"apply?dryRun={(only ? "true" : "false")}&{owners.Query(parsed, context, from)}", new ApplyRequest(texts, expected), cancellation,
                HttpStatusCode.BadRequest, HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed);
            await ApplyConflict.FailAsync(context, client, answer, documents, parsed.GetValue(version), cancellation);
            Write(context, answer, documents, only, parsed.GetRequiredValue(format));
            return only && answer.Changes.Any(change => change.Result != "unchanged") ? ExitCodes.Differences : ExitCodes.Ok;
        });
    }

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Only say what would change" };

    private static void Write(CliContext context, ApplyAnswer answer, IReadOnlyList<ResourceDocument> documents, bool dryRun, string format)
    {
        if (format == OutputFormats.Json)
        {
            JsonText.WriteList(context.Terminal.Out, answer.Changes.Select(change => JsonSerializer.SerializeToElement(change, JsonSerializerOptions.Web)));
            return;
        }

        Table.Write(
            context.Terminal.Out,
            [
                new Column<(ResourceChange Change, ResourceDocument Document)>("RESULT", row => dryRun && row.Change.Result != "unchanged" ? $"would be {row.Change.Result}" : row.Change.Result),
                new Column<(ResourceChange Change, ResourceDocument Document)>("KIND", row => row.Change.Resource.Kind),
                new Column<(ResourceChange Change, ResourceDocument Document)>("NAME", row => row.Change.Resource.Name),
                new Column<(ResourceChange Change, ResourceDocument Document)>("GENERATION", row => $"{row.Change.Resource.Generation}", Right: true),
                new Column<(ResourceChange Change, ResourceDocument Document)>("SUMMARY", row => row.Change.Resource.Summary),
                new Column<(ResourceChange Change, ResourceDocument Document)>("FILE", row => row.Document.File),
            ],
            [.. answer.Changes.Zip(documents)]);
    }
}
