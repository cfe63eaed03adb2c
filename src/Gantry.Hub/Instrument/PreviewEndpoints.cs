using Gantry.Estate.Instrumentation;
using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Hub.Instrument;

/// <summary>The room, and REST of the preview.</summary>
internal static class PreviewEndpoints
{
    private const int MostBytes = 8 * 1024 * 1024;

    public static IServiceCollection AddInstrumentation(this IServiceCollection services) => services.AddSingleton<PlanPreviewer>().AddHostedService<ObservedNotices>();

    public static void MapInstrumentation(this IEndpointRouteBuilder app) =>
        app.MapPost("/api/v1/instrumentations/preview", PreviewAsync).Accepts<string>("application/yaml").Produces<PlanPreview>().ProducesProblem(400).ProducesProblem(503)
            .WithSummary("Which processes Instrumentation documents would reach, what would begin, change or end, and what would restart. Changes nothing. ?file= names the body in problems");

    private static async Task<IResult> PreviewAsync(HttpContext context, PlanPreviewer previewer, string file = "-")
    {
        Access.Actor.OnlyLooked();
        if (await ResourceEndpoints.BodyAsync(context.Request, MostBytes) is not { } text)
        {
            return ResourceEndpoints.Problem(StatusCodes.Status400BadRequest, $"the body must be a text of Instrumentation documents in UTF-8, of at most {MostBytes} bytes");
        }

        return Of(previewer, text, file) is { } preview ? Results.Ok(preview)
            : ResourceEndpoints.Problem(StatusCodes.Status503ServiceUnavailable, "a declared resource cannot be read by this version of Gantry; apply it again or delete it (GET /api/v1/resources says which)");
    }

    /// <returns>Null while the estate cannot be read.</returns>
    internal static PlanPreview? Of(PlanPreviewer previewer, string text, string file)
    {
        var problems = new ResourceProblems(file);
        var documents = ResourceText.Read(text, problems);
        foreach (var other in documents.Where(document => document.Kind != InstrumentationReader.Kind))
        {
            problems.Add(other.Line, 1, "kind", other.Kind.Kind, $"a preview is of kind {InstrumentationReader.Kind.Kind}; `gantry diff` shows what others would change");
        }

        if (problems.All.Count == 0 && documents.Count == 0)
        {
            problems.Add(1, 1, "", "", "there is no document in it");
        }

        return problems.All.Count > 0
            ? new PlanPreview(0, 0, new Dictionary<string, int>(), [], 0, 0, [.. problems.All, .. problems.Warnings])
            : previewer.Of([.. documents.Select(document => (Pipeline)document.Model)]) is { } preview ? preview with { Problems = problems.Warnings } : null;
    }
}
