using System.CommandLine;
using System.Net;
using Gantry.Cli.Api;
using Gantry.Cli.Declare;
using Gantry.Cli.Terminals;
using Gantry.Cli.Verbs;
using Gantry.Estate.Catalogue.Backstage;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Cli.Import;

/// <summary><c>gantry import backstage</c>: Components of catalog-info.yaml as Service documents.</summary>
internal static class BackstageCommand
{
    /// <summary>Unless another is given: who owns what was imported, so that an import changes what an import made, and nothing else.</summary>
    private const string Backstage = "backstage";

    private const string Yaml = "yaml";

    public static Command Create(CliContext context)
    {
        var files = new Argument<string[]>("FILE") { Description = "catalog-info.yaml, a folder of such files, or - for standard input", Arity = ArgumentArity.OneOrMore };
        var apply = new Option<bool>("--apply") { Description = "Declare them; without, they are only written to stdout" };
        var format = new Option<string>("--output", "-o") { Description = "How to write them", HelpName = Yaml, DefaultValueFactory = _ => Yaml };
        format.AcceptOnlyFromAmong(Yaml);
        var owners = new OwnerOptions(context);
        owners.Owner.DefaultValueFactory = _ => Backstage;
        var hub = HubAddress.Option(context);
        var verb = new Verb("backstage", "Make Service documents of the Components of a Backstage catalogue", context)
        {
            Details =
                "Name, title, owner, links and kubernetes-id are taken over; lifecycle, system and type become labels; annotations gantry/names, gantry/environment,\n" +
                "gantry/namespace and gantry/criticality say what Backstage has no field for. Other kinds, libraries and documentation are counted on stderr, and what is\n" +
                "not taken over is told there. With --apply the documents are owned by backstage: a second import updates them, and a Service that somebody else owns is\n" +
                "left as it is and named (exit code 5).",
            Examples =
            [
                new Example("gantry import backstage catalog-info.yaml", "the documents, to look at or to keep in Git"),
                new Example("gantry import backstage catalog --apply", "every file of a folder, declared"),
            ],
        };
        verb.Add(files);
        foreach (var option in new Option[] { apply, format, owners.Owner, owners.TakeOver, hub })
        {
            verb.Add(option);
        }

        return verb.Runs(async (parsed, cancellation) =>
        {
            var paths = parsed.GetRequiredValue(files);
            var import = await ReadAsync(context, paths, cancellation);
            foreach (var note in import.Notes)
            {
                // Whole: what is not taken over must not be cut off here. A file may name control characters.
                context.Terminal.Note(string.Concat(note.Where(c => !char.IsControl(c))));
            }

            context.Terminal.Note(DiffText.Clean(Counted(import)));
            if (!parsed.GetValue(apply))
            {
                context.Terminal.Out.Write(string.Join("---\n", import.Services.Select(service => service.Document)));
                return ExitCodes.Ok;
            }

            using var client = new HubClient(context, parsed.GetRequiredValue(hub), ApplyCommand.Patience);
            return await ApplyAsync(context, client, import.Services, owners.Query(parsed, context, $"backstage, {string.Join(", ", paths)}"), cancellation);
        });
    }

    private static async Task<BackstageImport> ReadAsync(CliContext context, IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var import = new BackstageImport();
        var problems = new List<ResourceProblem>();
        foreach (var file in paths.SelectMany(DocumentFiles.FilesOf).Distinct())
        {
            var found = new ResourceProblems(file);
            foreach (var node in ResourceText.ReadNodes(await DocumentFiles.TextAsync(context, file, cancellation), found))
            {
                import.Add(node, found);
            }

            problems.AddRange(found.All);
        }

        // What was made is held against the reader that a hub has: an annotation may say what no Service can be.
        foreach (var service in import.Services)
        {
            var found = new ResourceProblems(service.File);
            ResourceText.Read(service.Document, found);
            problems.AddRange(found.All.Select(problem => problem with { Line = service.Line, Column = 1 }));
        }

        if (problems.Count > 0)
        {
            problems.ForEach(problem => context.Terminal.Note(DiffText.Clean(problem.ToString())));
            throw new CommandFailure(problems.Count == 1 ? "1 problem; nothing was done" : $"{problems.Count} problems; nothing was done", ExitCodes.Refused);
        }

        return import;
    }

    private static string Counted(BackstageImport import)
    {
        var skipped = string.Join(", ", import.Skipped.Select(item => $"{item.Value} {item.Key}"));
        return $"{import.Services.Count} Service document{(import.Services.Count == 1 ? "" : "s")}{(skipped.Length > 0 ? $"; not made into one: {skipped}" : "")}";
    }

    /// <summary>What somebody else owns is left to them; all others are one change.</summary>
    private static async Task<int> ApplyAsync(CliContext context, HubClient client, IReadOnlyList<ImportedService> services, string author, CancellationToken cancellation)
    {
        if (services.Count == 0)
        {
            return ExitCodes.Ok;
        }

        var would = await AskAsync(client, services, $"dryRun=true&{author}", cancellation);
        var owned = would.Changes.Where(change => change.Result == "owned").ToDictionary(change => change.Resource.Name, change => change.Resource.Owner);
        var free = services.Where(service => !owned.ContainsKey(service.Name)).ToList();
        var answer = free.Count == 0 ? new ApplyAnswer(true, [], []) : await AskAsync(client, free, author, cancellation);
        foreach (var problem in answer.Problems)
        {
            context.Terminal.Note(DiffText.Clean(problem.ToString()));
        }

        if (!answer.Applied)
        {
            throw new CommandFailure("nothing was applied", ExitCodes.Refused);
        }

        Table.Write(
            context.Terminal.Out,
            [
                new Column<ResourceChange>("RESULT", change => change.Result),
                new Column<ResourceChange>("NAME", change => change.Resource.Name),
                new Column<ResourceChange>("SUMMARY", change => change.Resource.Summary),
            ],
            answer.Changes);
        foreach (var (name, owner) in owned)
        {
            context.Terminal.Note(DiffText.Clean($"Service {name} is owned by {owner} and was left as it is; change it there, or take it over with --take-over"));
        }

        return owned.Count > 0 ? ExitCodes.Conflict : ExitCodes.Ok;
    }

    private static Task<ApplyAnswer> AskAsync(HubClient client, IReadOnlyList<ImportedService> services, string query, CancellationToken cancellation) => client.AskAsync<ApplyAnswer>(
        $"apply?{query}", new ApplyRequest([.. services.Select(service => new DocumentFile($"{service.File}:{service.Line}", service.Document))]), cancellation,
        HttpStatusCode.BadRequest, HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed);
}
