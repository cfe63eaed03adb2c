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
        api.MapGet("/services/{id}/score", (string id, ScoreQueries scores, EstateQueries estate) =>
            // A declared service has an id of its own; it is judged under that of its telemetry.
            ApiEndpoints.Found(scores.Find(id) ?? (estate.Current.FindServiceCalled(id) is { } row ? scores.Find(row.SeriesId) : null), "score", id))
            .Produces<ScoreDetail>().WithSummary("The Instrumentation Score of a service, by id or name, with each rule, why it matters and what puts it right");
    }
}
