namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>REST: what the Fleet Management API has no words for, namely how far each collector is, and pages.</summary>
internal static class CollectorEndpoints
{
    private const int MostInPage = 1000;

    public static void MapCollectors(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/collectors", List).Produces<CollectorPage>().ProducesProblem(400)
            .WithSummary("Collectors of the Fleet Management API (Grafana Alloy), by id; ?state=failed, ?limit=, ?after=");
        // Ids may hold anything, slashes too.
        app.MapGet("/api/v1/collectors/{**id}", Get).Produces<CollectorRow>().ProducesProblem(404)
            .WithSummary("One collector, with what it runs");
    }

    private static IResult List(CollectorList collectors, string? state = null, string after = "", int limit = 100) =>
        limit is < 1 or > MostInPage ? Problem(400, $"limit={limit}: expected 1 to {MostInPage}")
        : state is not null && !CollectorLadder.All.Contains(state) ? Problem(400, $"state={state}: expected one of {string.Join(", ", CollectorLadder.All)}")
        : Results.Ok(collectors.Page(state, after, limit));

    private static IResult Get(string id, CollectorList collectors) =>
        collectors.Find(id) is { } row ? Results.Ok(row) : Problem(404, $"no collector \"{id}\"; list them with GET /api/v1/collectors");

    private static IResult Problem(int status, string detail) => Results.Problem(statusCode: status, detail: detail);
}
