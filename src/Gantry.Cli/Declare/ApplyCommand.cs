using System.CommandLine;
using System.Text;
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
    private const int LongestSource = 200;

    public static Command Create(CliContext context)
    {
        var files = FileOption.Create("A file, a folder (every .yaml, .yml and .json in it and below), or - for standard input; may be given several times", required: true);
        var dryRun = DryRun();
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("apply", "Declare resources: create them, or change them to what the documents say", context)
        {
            Details =
                "Documents are YAML or JSON, several in a file with --- between them. All are checked, here and by the hub, before the first is applied; each problem\n" +
                "names file, line, column, field and the fix (exit code 3). With --dry-run the exit code is 2 when something would change, 0 when not.",
            Examples =
            [
                new Example("gantry apply -f sampling.yaml", "created, changed or unchanged, for each resource"),
                new Example("gantry apply -f policies --dry-run", "what a folder would change"),
                new Example("gantry apply -f -", "from a pipe"),
            ],
        };
        foreach (var option in new Option[] { files, dryRun, format, hub })
        {
            verb.Add(option);
        }

        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var documents = await DocumentFiles.ReadAsync(context, parsed.GetRequiredValue(files), cancellation);
            return await ApplyAsync(context, client, documents, parsed.GetValue(dryRun), parsed.GetRequiredValue(format), cancellation);
        });
    }

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Only say what would change" };

    private static async Task<int> ApplyAsync(
        CliContext context, HubClient client, IReadOnlyList<ResourceDocument> documents, bool dryRun, string format, CancellationToken cancellation)
    {
        // All are asked about before one is applied: what only the hub can refuse leaves nothing half done.
        var changes = await PutAsync(context, client, documents, dryRun: true, cancellation);
        if (!dryRun)
        {
            changes = await PutAsync(context, client, documents, dryRun: false, cancellation);
        }

        if (format == OutputFormats.Json)
        {
            JsonText.WriteList(context.Terminal.Out, changes);
        }
        else
        {
            var rows = changes.ConvertAll(JsonText.Read<ResourceChange>).Zip(documents).ToList();
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
                rows);
        }

        return dryRun && changes.Exists(change => JsonText.Read<ResourceChange>(change).Result != "unchanged") ? ExitCodes.Differences : ExitCodes.Ok;
    }

    private static async Task<List<JsonElement>> PutAsync(
        CliContext context, HubClient client, IReadOnlyList<ResourceDocument> documents, bool dryRun, CancellationToken cancellation)
    {
        var changes = new List<JsonElement>();
        foreach (var document in documents)
        {
            var source = SourceOf(context, document);
            var path = $"resources/{document.Kind.Plural}/{document.Name}?dryRun={(dryRun ? "true" : "false")}&source={Uri.EscapeDataString(source)}";
            using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(document.Text));
            body.Headers.ContentType = new("application/yaml");
            changes.Add(await client.ChangeAsync(HttpMethod.Put, path, body, cancellation));
        }

        return changes;
    }

    /// <summary>"ada, policies/shop.yaml": who, and from what.</summary>
    private static string SourceOf(CliContext context, ResourceDocument document)
    {
        var file = document.File == DocumentFiles.StandardInput ? "standard input" : document.File;
        var source = context.Variable("USER") is { Length: > 0 } user ? $"{user}, {file}" : file;
        return string.Concat(source.Where(c => !char.IsControl(c)).TakeLast(LongestSource));
    }
}
