using Gantry.Hub.Api;
using Gantry.Hub.Coverage;

namespace Gantry.Hub.Quality;

/// <summary>REST: the Instrumentation Score of all services, and of one with its rules.</summary>
internal static class ScoreEndpoints
{
    public static void MapScores(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapGet("/scores", (ScoreQueries scores, EstateQueries estate, string? name = null) => name is null
                ? Results.Ok(scores.All)
                : EdgeEndpoints.Called("score", estate.Current, name, scores.All, static row => [row.ServiceId], static row => [row.ServiceId, row.Service, row.Band]))
            .Produces<IReadOnlyList<ScoreRow>>().ProducesProblem(404).WithSummary("The Instrumentation Score of every service, lowest first; of all, of a band, or of a service by any of its names");
        api.MapGet("/services/{id}/score", (string id, ScoreQueries scores, EstateQueries estate) => ApiEndpoints.Found(Find(scores, estate.Current, id), "score", id))
            .Produces<ScoreDetail>().WithSummary("The Instrumentation Score of a service, by id or name, with each rule, why it matters and what puts it right");
    }

    /// <summary>Evidence is kept under what telemetry calls a service; a document may call it something else, and may have made one of several.</summary>
    private static ScoreDetail? Find(ScoreQueries scores, EstateSnapshot estate, string service) =>
        (estate.FindServiceCalled(service) is { } row ? scores.Find(row.SeriesId) : null) ?? scores.Find(service);
}
