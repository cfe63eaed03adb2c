using System.Data.Common;
using System.Text.Json;
using Gantry.Estate.Resources;
using Gantry.Hub.Guardrails;

namespace Gantry.Hub.Estate;

/// <summary>A file of resource documents.</summary>
/// <param name="Name">For messages.</param>
public sealed record DocumentFile(string Name, string Text);

/// <param name="Expected">Versions that the documents build on: "pipelines/edge" and its version, 0 for none. One that is not named builds on whatever there is.</param>
public sealed record ApplyRequest(IReadOnlyList<DocumentFile> Files, IReadOnlyDictionary<string, long>? Expected = null);

/// <summary>Documents checked, and applied or not.</summary>
/// <param name="Applied">All of them; else nothing has changed.</param>
/// <param name="Problems">Errors, then warnings.</param>
/// <param name="Changes">In the order of the documents; "conflict" and "owned" are results too. Empty where a document cannot be read.</param>
public sealed record ApplyAnswer(bool Applied, IReadOnlyList<ResourceProblem> Problems, IReadOnlyList<ResourceChange> Changes);

/// <summary>Several documents as one change, <c>/api/v1/apply</c>, and the same checks without it, <c>/api/v1/validate</c>.</summary>
internal static class ApplyEndpoints
{
    private const int MostBytes = 64 * 1024 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static void MapApply(this IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v1/apply", ApplyAsync).Accepts<ApplyRequest>("application/json").Produces<ApplyAnswer>().Produces<ApplyAnswer>(400).Produces<ApplyAnswer>(409).Produces<ApplyAnswer>(412)
            .WithSummary("Declares several resources as one change: all of them, or none");
        app.MapPost("/api/v1/validate", ValidateAsync).Accepts<ApplyRequest>("application/json", "application/yaml").Produces<ApplyAnswer>().ProducesProblem(400)
            .WithSummary("Checks documents as applying them would, and changes nothing. The body is {files: [{name, text}]}, or one text of documents with ?file= as its name");
    }

    private static async Task<IResult> ApplyAsync(
        HttpContext context, ResourceStore store, BuildCheck builds, ILogger<ResourceStore> logger, bool dryRun = false, string source = Owners.Api, string owner = Owners.Api, bool takeOver = false)
    {
        if (ResourceEndpoints.AuthorProblem(source, owner) is { } wrong)
        {
            return wrong;
        }

        if (await RequestAsync(context.Request, "") is not { } request)
        {
            return ResourceEndpoints.Problem(StatusCodes.Status400BadRequest, "the body must be JSON, {\"files\": [{\"name\": …, \"text\": …}]}, of at most 64 MiB");
        }

        try
        {
            var author = new ResourceRequest(ResourceKinds.All[0], "", null) { Source = source, Owner = owner, TakeOver = takeOver };
            var (answer, outcomes) = Run(store, builds, request, author, dryRun);
            foreach (var outcome in outcomes.Where(_ => answer.Applied && !dryRun).Where(outcome => outcome.Verdict != ApplyVerdict.Unchanged))
            {
                Log.ResourceApplied(logger, outcome.Resource!.Kind.Kind, outcome.Resource.Name, outcome.Verdict.ToString().ToLowerInvariant(), source, outcome.Resource.Generation);
            }

            return Results.Json(answer, Json, statusCode: answer.Applied || (dryRun && outcomes.Count > 0 && outcomes.All(outcome => outcome.IsDone)) ? StatusCodes.Status200OK
                : outcomes.Any(outcome => outcome.Verdict == ApplyVerdict.Conflict) ? StatusCodes.Status412PreconditionFailed
                : outcomes.Any(outcome => outcome.Verdict == ApplyVerdict.Owned) ? StatusCodes.Status409Conflict
                : StatusCodes.Status400BadRequest);
        }
        catch (DbException exception)
        {
            return ResourceEndpoints.Problem(StatusCodes.Status503ServiceUnavailable, $"the documents could not be written to the hub's data folder ({exception.Message}); nothing has changed");
        }
    }

    private static async Task<IResult> ValidateAsync(
        HttpContext context, ResourceStore store, BuildCheck builds, string file = "-", string owner = Owners.Api, bool takeOver = false)
    {
        Access.Actor.OnlyLooked();
        return ResourceEndpoints.AuthorProblem("api", owner) is { } wrong ? wrong
        : await RequestAsync(context.Request, file) is not { } request
            ? ResourceEndpoints.Problem(StatusCodes.Status400BadRequest, $"the body must be a text of documents in UTF-8, or {{\"files\": [{{\"name\": …, \"text\": …}}]}}, of at most {MostBytes} bytes")
            : Results.Json(Run(store, builds, request, new ResourceRequest(ResourceKinds.All[0], "", null) { Owner = owner, TakeOver = takeOver }, dryRun: true).Answer, Json);
    }

    private static async Task<ApplyRequest?> RequestAsync(HttpRequest request, string file)
    {
        if (await ResourceEndpoints.BodyAsync(request, MostBytes) is not { } text)
        {
            return null;
        }

        try
        {
            if (text.AsSpan().TrimStart().StartsWith("{") && JsonSerializer.Deserialize<ApplyRequest>(text, Json) is { Files: not null } files && files.Files.All(item => item is { Name: not null, Text: not null }))
            {
                return files;
            }
        }
        catch (JsonException)
        {
            // Then it is a document, or not even that.
        }

        return file.Length == 0 ? null : new ApplyRequest([new DocumentFile(file, text)]);
    }

    /// <summary>The checks, and the change; also behind the editor of the pages.</summary>
    internal static (ApplyAnswer Answer, IReadOnlyList<ApplyOutcome> Outcomes) Run(ResourceStore store, BuildCheck builds, ApplyRequest request, ResourceRequest author, bool dryRun)
    {
        var (documents, errors, warnings) = Read(request);
        if (errors.Count > 0)
        {
            return (new ApplyAnswer(false, [.. errors, .. warnings], []), []);
        }

        var found = new Dictionary<string, ResourceProblems>();
        builds.Check(documents, document =>
        {
            ref var problems = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(found, document.File, out _);
            return problems ??= new ResourceProblems(document.File);
        });
        errors.AddRange(found.Values.SelectMany(problems => problems.All));
        warnings.AddRange(found.Values.SelectMany(problems => problems.Warnings));

        var requests = documents.Select(document => author with
        {
            Kind = document.Kind,
            Name = document.Name,
            Document = document,
            Expected = request.Expected is { } expected && expected.TryGetValue($"{document.Kind.Plural}/{document.Name}", out var version) ? version : null,
        });
        var outcomes = store.ApplyAll([.. requests], dryRun || errors.Count > 0);
        var changes = new List<ResourceChange>();
        for (var i = 0; i < outcomes.Count; i++)
        {
            changes.Add(Change(outcomes[i], documents[i], dryRun));
            errors.AddRange(Errors(outcomes[i], documents[i]));
            warnings.AddRange(outcomes[i].Warnings);
        }

        return (new ApplyAnswer(!dryRun && errors.Count == 0, [.. errors, .. warnings], changes), outcomes);
    }

    private static (List<ResourceDocument> Documents, List<ResourceProblem> Errors, List<ResourceProblem> Warnings) Read(ApplyRequest request)
    {
        var (documents, errors, warnings) = (new List<ResourceDocument>(), new List<ResourceProblem>(), new List<ResourceProblem>());
        foreach (var file in request.Files)
        {
            var problems = new ResourceProblems(file.Name);
            documents.AddRange(ResourceText.Read(file.Text, problems));
            errors.AddRange(problems.All);
            warnings.AddRange(problems.Warnings);
        }

        foreach (var twice in documents.GroupBy(document => (document.Kind, document.Name)).Where(group => group.Count() > 1).Select(group => group.Skip(1).First()))
        {
            errors.Add(new ResourceProblem(twice.File, twice.Line, 1, "metadata.name", twice.Name, $"is the name of another {twice.Kind.Kind} in these files; rename one of the two"));
        }

        if (documents.Count == 0 && errors.Count == 0)
        {
            errors.Add(new ResourceProblem(request.Files.Count > 0 ? request.Files[0].Name : "-", 1, 1, "", "", "there is no resource document"));
        }

        return (documents, errors, warnings);
    }

    private static ResourceChange Change(ApplyOutcome outcome, ResourceDocument document, bool dryRun)
    {
        var row = outcome.Resource?.ToRow() ?? new ResourceRow(document.Kind.Kind, document.Name, document.Labels, 0, 0, "", default, default, "", "", document.Text);
        return new ResourceChange(outcome.Verdict.ToString().ToLowerInvariant(), dryRun, row, outcome.Warnings);
    }

    private static IEnumerable<ResourceProblem> Errors(ApplyOutcome outcome, ResourceDocument document)
    {
        var message = outcome.Verdict switch
        {
            ApplyVerdict.Conflict when outcome.Resource is { } present => $"is in version {present.Version}, applied by {present.Source}, and this builds on another; read it again and build on that",
            ApplyVerdict.Conflict => "is not there any more, and this builds on a version of it",
            ApplyVerdict.Owned => $"is owned by {outcome.Resource!.Owner} (applied by {outcome.Resource.Source}); change it there, or take it over with takeOver=true (--take-over)",
            ApplyVerdict.Refused when outcome.Problems.Count == 0 => outcome.Reason,
            _ => "",
        };
        return message.Length == 0 ? outcome.Problems : [new ResourceProblem(document.File, document.Line, 1, "metadata.name", document.Name, message)];
    }
}
