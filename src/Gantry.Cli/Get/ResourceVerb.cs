using System.CommandLine;
using System.Text.Json;
using Gantry.Cli.Api;
using Gantry.Cli.Terminals;
using Gantry.Cli.Verbs;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Cli.Get;

/// <summary><c>gantry get samplingpolicies</c>, and the same for every other kind that can be declared.</summary>
internal static class ResourceVerb
{
    private const string Yaml = "yaml";

    public static Verb Create(CliContext context, ResourceKind kind)
    {
        var name = new Argument<string?>("NAME") { Description = "Only the one of this name", Arity = ArgumentArity.ZeroOrOne };
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Wide, OutputFormats.Json, Yaml);
        var hub = HubAddress.Option(context);
        var verb = new Verb(kind.Verb, $"Declared resources of kind {kind.Kind}", context)
        {
            Details = "-o yaml gives the documents as they were applied, with their comments, ready for `gantry apply -f -`.",
            Examples =
            [
                new Example($"gantry get {kind.Verb}", "as a table"),
                new Example($"gantry get {kind.Verb} -o yaml", "the documents, to keep in Git"),
            ],
        };
        verb.Add(name);
        verb.Add(format);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var rows = await client.GetJsonAsync($"resources/{kind.Plural}", cancellation);
            var asked = parsed.GetRequiredValue(format);
            if (asked == Yaml && rows.GetArrayLength() > 0)
            {
                return WriteYaml(context, kind, rows, parsed.GetValue(name));
            }

            var empty = $"Nothing of kind {kind.Kind} is declared. `gantry apply -f FILE` declares it; docs/{kind.Doc}.md has an example.";
            return new RowList<ResourceRow>(kind.Plural, Columns, empty).Write(context, rows, parsed.GetValue(name), asked);
        });
    }

    private static int WriteYaml(CliContext context, ResourceKind kind, JsonElement rows, string? name)
    {
        var chosen = JsonText.Read<List<ResourceRow>>(rows).Where(row => name is null || row.Name == name).ToList();
        if (chosen.Count == 0)
        {
            throw new CommandFailure($"there is no '{Table.Clean(name!)}' among the hub's {kind.Plural}; see `gantry get {kind.Verb}`");
        }

        context.Terminal.Out.Write(string.Join("---\n", chosen.Select(row => row.Document)));
        return ExitCodes.Ok;
    }

    private static IReadOnlyList<Column<ResourceRow>> Columns(DateTimeOffset now) =>
    [
        new("NAME", row => row.Name),
        new("SUMMARY", row => row.Problem.Length > 0 ? $"not readable: {row.Problem}" : row.Summary),
        new("GENERATION", row => $"{row.Generation}", Right: true),
        new("APPLIED", row => Words.Age(row.Applied, now), Right: true),
        new("SOURCE", row => row.Source),
        new("OWNER", row => row.Owner, Wide: true),
        new("LABELS", row => string.Join(',', row.Labels.Select(label => $"{label.Key}={label.Value}")), Wide: true),
        new("VERSION", row => $"{row.Version}", Right: true, Wide: true),
        new("CREATED", row => Words.Age(row.Created, now), Right: true, Wide: true),
    ];
}
