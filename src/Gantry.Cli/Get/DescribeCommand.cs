using System.CommandLine;
using Gantry.Cli.Api;
using Gantry.Cli.Terminals;
using Gantry.Cli.Verbs;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Cli.Get;

/// <summary><c>gantry describe</c>: one declared resource with its history.</summary>
internal static class DescribeCommand
{
    public static Command Create(CliContext context)
    {
        var kind = new Argument<string>("KIND") { Description = string.Join(", ", ResourceKinds.All.Select(known => known.Singular)) };
        kind.Validators.Add(result =>
        {
            if (ResourceKinds.Find(result.Tokens[0].Value) is null)
            {
                result.AddError($"KIND '{result.Tokens[0].Value}': expected {string.Join(" or ", ResourceKinds.All.Select(known => known.Singular))}");
            }
        });
        var name = new Argument<string>("NAME") { Description = "Its metadata.name" };
        var hub = HubAddress.Option(context);
        var verb = new Verb("describe", "One declared resource: its document, its owner and every revision", context)
        {
            Examples = [new Example("gantry describe pipeline edge", "what it says, who changed it and when")],
        };
        verb.Add(kind);
        verb.Add(name);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var path = $"resources/{ResourceKinds.Find(parsed.GetRequiredValue(kind))!.Plural}/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}";
            var row = await client.GetAsync<ResourceRow>(path, cancellation);
            Write(context, row, await client.GetAsync<List<ResourceRevision>>($"{path}/revisions", cancellation));
            return ExitCodes.Ok;
        });
    }

    private static void Write(CliContext context, ResourceRow row, List<ResourceRevision> revisions)
    {
        var (output, now) = (context.Terminal.Out, context.Time.GetUtcNow());
        output.WriteLine($"{row.Kind} {row.Name}: {Table.Clean(row.Problem.Length > 0 ? $"not readable: {row.Problem}" : row.Summary)}");
        output.WriteLine($"Owner {row.Owner}; generation {row.Generation}, version {row.Version}, applied {Words.Age(row.Applied, now)} ago by {Table.Clean(row.Source)}.");
        output.WriteLine();
        Table.Write(
            output,
            [
                new Column<ResourceRevision>("VERSION", revision => $"{revision.Version}", Right: true),
                new Column<ResourceRevision>("GENERATION", revision => $"{revision.Generation}", Right: true),
                new Column<ResourceRevision>("OPERATION", revision => revision.Operation),
                new Column<ResourceRevision>("AGE", revision => Words.Age(revision.At, now), Right: true),
                new Column<ResourceRevision>("OWNER", revision => revision.Owner),
                new Column<ResourceRevision>("SOURCE", revision => revision.Source),
            ],
            revisions);
        output.WriteLine();
        output.Write(row.Document);
    }
}
