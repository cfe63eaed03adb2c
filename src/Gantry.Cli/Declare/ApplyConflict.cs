using Gantry.Cli.Api;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Cli.Declare;

/// <summary>What a hub has against documents, for people.</summary>
internal static class ApplyConflict
{
    private const int MostLines = 200;

    /// <summary>Says every problem and warning; where somebody was faster, what they did and what these documents would do.</summary>
    /// <exception cref="CommandFailure">Something is wrong, so nothing was done.</exception>
    public static async Task FailAsync(
        CliContext context, HubClient client, ApplyAnswer answer, IReadOnlyList<ResourceDocument> documents, long? built, CancellationToken cancellation)
    {
        foreach (var problem in answer.Problems)
        {
            context.Terminal.Note(DiffText.Clean(problem.ToString()));
        }

        for (var i = 0; i < answer.Changes.Count; i++)
        {
            if (answer.Changes[i].Result == "conflict" && answer.Changes[i].Resource.Version > 0)
            {
                await ShowAsync(context, client, answer.Changes[i].Resource, documents[i], built, cancellation);
            }
        }

        var errors = answer.Problems.Count(problem => problem.Severity == ResourceProblem.Error);
        if (errors > 0)
        {
            var conflict = answer.Changes.Any(change => change.Result is "conflict" or "owned");
            throw new CommandFailure(errors == 1 ? "1 problem; nothing was done" : $"{errors} problems; nothing was done", conflict ? ExitCodes.Conflict : ExitCodes.Refused);
        }
    }

    private static async Task ShowAsync(CliContext context, HubClient client, ResourceRow present, ResourceDocument document, long? built, CancellationToken cancellation)
    {
        var revisions = await client.GetAsync<List<ResourceRevision>>($"resources/{document.Kind.Plural}/{document.Name}/revisions", cancellation);
        if (revisions.Find(revision => revision.Version == built) is { } basis)
        {
            context.Terminal.Note($"What changed from version {basis.Version} to version {present.Version}, by {present.Source}:");
            Note(context, LineDiff.Of(basis.Document, present.Document));
        }

        context.Terminal.Note($"What {document.File} would change in version {present.Version}:");
        Note(context, LineDiff.Of(present.Document, document.Text));
    }

    private static void Note(CliContext context, IReadOnlyList<string> lines)
    {
        foreach (var line in lines.Take(MostLines))
        {
            context.Terminal.Note("  " + DiffText.Clean(line));
        }
    }
}
