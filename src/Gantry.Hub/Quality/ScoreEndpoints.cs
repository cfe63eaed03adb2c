using Gantry.Hub.Api;
using Gantry.Hub.Coverage;

namespace Gantry.Hub.Quality;

/// <summary>REST: the Instrumentation Score of all services, and of one with its rules.</summary>
internal static class ScoreEndpoints
{
    public static void MapScores(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapGet("/scores", (ScoreQueries scores) => scores.All).WithSummary("The Instrumentation Score of every service, lowest first");
        api.MapGet("/services/{id}/score", (string id, ScoreQueries scores, EstateQueries estate) => ApiEndpoints.Found(Find(scores, estate.Current, id), "score", id))
            .Produces<ScoreDetail>().WithSummary("The Instrumentation Score of a service, by id or name, with each rule, why it matters and what puts it right");
    }

    /// <summary>Evidence is kept under what telemetry calls a service; a document may call it something else, and may have made one of several.</summary>
    private static ScoreDetail? Find(ScoreQueries scores, EstateSnapshot estate, string service) =>
        (estate.FindServiceCalled(service) is { } row ? scores.Find(row.SeriesId) : null) ?? scores.Find(service);
}
