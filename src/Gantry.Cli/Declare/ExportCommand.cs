using System.CommandLine;
using System.Text;
using Gantry.Cli.Api;
using Gantry.Cli.Verbs;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Cli.Declare;

/// <summary><c>gantry export</c>: everything that is declared, as the documents that declared it.</summary>
internal static class ExportCommand
{
    public static Command Create(CliContext context)
    {
        var folder = new Option<string?>("--output", "-o") { Description = "A folder: one file a resource, KIND/NAME.yaml; files that are there are written over", HelpName = "DIR" };
        var hub = HubAddress.Option(context);
        var verb = new Verb("export", "Write out everything that is declared, as it was applied", context)
        {
            Details = "Documents come back byte for byte, comments included: gantry diff -f DIR then finds nothing. Without -o they go to standard output with --- between them.",
            Examples = [new Example("gantry export -o config", "to keep in Git"), new Example("gantry export", "to a pipe, for gantry apply -f - elsewhere")],
        };
        verb.Add(folder);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub), ApplyCommand.Patience);
            var rows = await client.GetAsync<List<ResourceRow>>("resources", cancellation);
            if (parsed.GetValue(folder) is not { } path)
            {
                context.Terminal.Out.Write(string.Join("---\n", rows.Select(row => row.Document)));
                return ExitCodes.Ok;
            }

            foreach (var row in rows)
            {
                await WriteAsync(path, row, cancellation);
            }

            context.Terminal.Note(rows.Count == 1 ? $"1 resource is in {path}" : $"{rows.Count} resources are in {path}");
            return ExitCodes.Ok;
        });
    }

    private static async Task WriteAsync(string folder, ResourceRow row, CancellationToken cancellation)
    {
        // Both come from a peer, and become a path.
        if (ResourceKinds.Find(row.Kind) is not { } kind || !ResourceDocument.NamePattern().IsMatch(row.Name))
        {
            throw new CommandFailure($"the hub has a {DiffText.Clean(row.Kind)} '{DiffText.Clean(row.Name)}', which this gantry does not know; use the hub's own version of gantry");
        }

        var file = Path.Combine(folder, kind.Plural, row.Name + (row.Document.StartsWith('{') ? ".json" : ".yaml"));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, row.Document, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"-o {folder}: {file} cannot be written ({exception.Message.TrimEnd('.')})");
        }
    }
}
