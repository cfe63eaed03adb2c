using System.Data.Common;
using System.Globalization;
using System.Text;
using Gantry.Estate.Resources;
using Gantry.Hub.Guardrails;

namespace Gantry.Hub.Estate;

/// <summary>
/// REST of declared resources, the same for every kind: <c>/api/v1/resources/{kind}/{name}</c>. Bodies are documents, YAML or JSON, and come back as they
/// were given. <c>If-Match</c> makes a change build on a version, <c>If-None-Match: *</c> on there being none, <c>dryRun</c> only tells.
/// </summary>
internal static class ResourceEndpoints
{
    private const int LongestSource = 200;

    /// <summary>UTF-8 has at most four bytes a character.</summary>
    private const int MostBytes = ResourceDocument.LongestText * 4;

    public static void MapResources(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1/resources");
        api.MapGet("", (ResourceStore store) => store.All.Select(resource => resource.ToRow())).WithSummary("Everything that is declared");
        api.MapGet("/{kind}", List).Produces<IReadOnlyList<ResourceRow>>().ProducesProblem(404).WithSummary("Resources of a kind: samplingpolicies");
        api.MapGet("/{kind}/{name}", Get).Produces<ResourceRow>().ProducesProblem(404).WithSummary("One resource; its ETag is its version");
        // Any Content-Type is let in: the text says what it is, and a route that is picky here would answer "not found".
        api.MapPut("/{kind}/{name}", PutAsync).Accepts<string>("application/yaml", "application/json", "*/*")
            .Produces<ResourceChange>().Produces<ResourceChange>(201).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412)
            .WithSummary("Declares a resource: the document as YAML or JSON. Acknowledged when it is on disk");
        api.MapDelete("/{kind}/{name}", Delete).Produces<ResourceChange>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(412).WithSummary("Takes a resource back");
        api.MapGet("/{kind}/{name}/revisions", Revisions).Produces<IReadOnlyList<ResourceRevision>>().ProducesProblem(404)
            .WithSummary("Every revision of a resource, newest first, at most 1000; of a deleted one too");
    }

    private static IResult Revisions(string kind, string name, ResourceStore store) => ResourceKinds.Find(kind) is { } known ? Results.Ok(store.Revisions(known, name)) : UnknownKind(kind);

    private static IResult List(string kind, ResourceStore store) => ResourceKinds.Find(kind) is { } known
        ? Results.Ok(store.OfKind(known).Select(resource => resource.ToRow()))
        : UnknownKind(kind);

    private static IResult Get(string kind, string name, ResourceStore store, HttpResponse response)
    {
        if (ResourceKinds.Find(kind) is not { } known)
        {
            return UnknownKind(kind);
        }

        if (store.Find(known, name) is not { } resource)
        {
            return Missing(known, name);
        }

        response.Headers.ETag = resource.Tag;
        return Results.Ok(resource.ToRow());
    }

    private static async Task<IResult> PutAsync(
        string kind, string name, HttpContext context, ResourceStore store, BuildCheck builds, ILogger<ResourceStore> logger,
        bool dryRun = false, string source = Owners.Api, string owner = Owners.Api, bool takeOver = false)
    {
        if (ResourceKinds.Find(kind) is not { } known)
        {
            return UnknownKind(kind);
        }

        if (AuthorProblem(source, owner) is { } wrong)
        {
            return wrong;
        }

        if (Expected(context.Request) is not { } expected)
        {
            return Problem(StatusCodes.Status400BadRequest, "If-Match must be a version in quotes, as in the ETag of the resource; If-None-Match can only be *");
        }

        if (await BodyAsync(context.Request) is not { } text)
        {
            return Problem(StatusCodes.Status400BadRequest, $"the body must be a document in UTF-8 of 1 to {MostBytes} bytes");
        }

        var problems = new ResourceProblems($"{known.Plural}/{name}");
        var documents = ResourceText.Read(text, problems);
        if (problems.All.Count == 0 && documents is not [{ } only])
        {
            problems.Add(1, 1, "", "", $"expected one document, these are {documents.Count}");
        }
        else if (problems.All.Count == 0 && (documents[0].Kind != known || documents[0].Name != name))
        {
            problems.Add(documents[0].Line, 1, "metadata.name", documents[0].Name, $"the document is {documents[0].Kind.Kind} {documents[0].Name}, and the address says {known.Kind} {name}; they must be the same");
        }

        if (problems.All.Count == 0)
        {
            builds.Check(documents, _ => problems);
        }

        return problems.All.Count > 0
            ? Invalid(problems.All)
            : Answer(context, store, text, expected, logger, new ResourceRequest(known, name, documents[0], expected.Version) { Source = source, Owner = owner, TakeOver = takeOver }, dryRun, problems.Warnings);
    }

    private static IResult Delete(
        string kind, string name, HttpContext context, ResourceStore store, ILogger<ResourceStore> logger, bool dryRun = false, string source = Owners.Api, string owner = Owners.Api, bool takeOver = false) =>
        ResourceKinds.Find(kind) is not { } known ? UnknownKind(kind)
        : AuthorProblem(source, owner) is { } wrong ? wrong
        : Expected(context.Request) is not { } expected ? Problem(StatusCodes.Status400BadRequest, "If-Match must be a version in quotes, as in the ETag of the resource")
        : Answer(context, store, "", expected, logger, new ResourceRequest(known, name, Document: null, expected.Version) { Source = source, Owner = owner, TakeOver = takeOver }, dryRun, []);

    private static IResult Answer(
        HttpContext context, ResourceStore store, string text, Condition expected, ILogger logger, ResourceRequest request, bool dryRun, IReadOnlyList<ResourceProblem> warnings)
    {
        var (kind, name) = (request.Kind, request.Name);
        ApplyOutcome outcome;
        try
        {
            outcome = store.ApplyAll([request], dryRun)[0];
        }
        catch (DbException exception)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, $"{kind.Kind} {name} could not be written to the hub's database ({exception.Message}); nothing has changed");
        }

        switch (outcome.Verdict)
        {
            case ApplyVerdict.NotFound:
                return Missing(kind, name);
            case ApplyVerdict.Conflict:
                return ResourceConflict.Of(store, kind, name, outcome.Resource, expected.Version, text);
            case ApplyVerdict.Owned:
                return Problem(StatusCodes.Status409Conflict, ResourceConflict.OwnedBy(outcome.Resource!));
            case ApplyVerdict.Refused:
                return outcome.Problems.Count > 0 ? Invalid(outcome.Problems) : Problem(StatusCodes.Status400BadRequest, outcome.Reason);
        }

        var resource = outcome.Resource!;
        var result = outcome.Verdict.ToString().ToLowerInvariant();
        if (!dryRun && outcome.Verdict is not ApplyVerdict.Unchanged)
        {
            Log.ResourceApplied(logger, kind.Kind, name, result, resource.Source, resource.Generation);
        }

        if (!dryRun && outcome.Verdict is not ApplyVerdict.Deleted)
        {
            context.Response.Headers.ETag = resource.Tag;
        }

        var answer = new ResourceChange(result, dryRun, resource.ToRow(), [.. warnings, .. outcome.Warnings]);
        return outcome.Verdict is ApplyVerdict.Created && !dryRun ? Results.Created($"/api/v1/resources/{kind.Plural}/{name}", answer) : Results.Ok(answer);
    }

    /// <summary>What the change builds on: a version, 0 for none, null for whatever there is. Null as a whole when the headers make no sense.</summary>
    private static Condition? Expected(HttpRequest request)
    {
        var (match, none) = (request.Headers.IfMatch.ToString(), request.Headers.IfNoneMatch.ToString());
        if (none.Length > 0)
        {
            return none == "*" && match.Length == 0 ? new Condition(0) : null;
        }

        return match.Length == 0 ? new Condition(null)
            : long.TryParse(match.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0 ? new Condition(version)
            : null;
    }

    /// <summary>Null where it is empty, longer than <paramref name="most"/> bytes, or no UTF-8.</summary>
    internal static async Task<string?> BodyAsync(HttpRequest request, int most = MostBytes)
    {
        if (request.ContentLength is 0 || request.ContentLength > most)
        {
            return null;
        }

        using var buffer = new MemoryStream((int)(request.ContentLength ?? 0));
        var chunk = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0;)
        {
            if (buffer.Length + read > most)
            {
                return null;
            }

            buffer.Write(chunk, 0, read);
        }

        var bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
        if (bytes.Length == 0)
        {
            return null;
        }

        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    internal static IResult? AuthorProblem(string source, string owner) =>
        source.Length is 0 or > LongestSource || source.Any(char.IsControl) ? Problem(StatusCodes.Status400BadRequest, $"source: expected 1 to {LongestSource} characters without control characters")
        : !Owners.IsValid(owner) ? Problem(StatusCodes.Status400BadRequest, $"owner '{owner}': expected {Owners.Expected}")
        : null;

    private static IResult UnknownKind(string kind) =>
        Problem(StatusCodes.Status404NotFound, $"no kind \"{kind}\"; there are {string.Join(", ", ResourceKinds.All.Select(known => known.Plural))}");

    private static IResult Missing(ResourceKind kind, string name) =>
        Problem(StatusCodes.Status404NotFound, $"no {kind.Kind} \"{name}\"; list them with GET /api/v1/resources/{kind.Plural}");

    internal static IResult Invalid(IReadOnlyList<ResourceProblem> problems) => Results.Problem(
        statusCode: StatusCodes.Status400BadRequest,
        detail: string.Join("\n", problems),
        extensions: new Dictionary<string, object?> { ["problems"] = problems });

    internal static IResult Problem(int status, string detail) => Results.Problem(statusCode: status, detail: detail);

    private sealed record Condition(long? Version);
}
