using Gantry.Hub.Coverage;

namespace Gantry.Hub.Api;

/// <summary>Edges and findings: all of them, or those of one service.</summary>
internal static class EdgeEndpoints
{
    public static void MapEdges(this IEndpointRouteBuilder api)
    {
        api.MapGet("/edges", (EstateQueries estate, string? service = null) => Of(estate.Current, service, estate.Current.Edges, static (edge, id) => edge.Caller.ServiceId == id || edge.Callee.ServiceId == id))
            .Produces<IReadOnlyList<EdgeRow>>().WithSummary("Who calls whom, with rate, errors and duration; of one service by id or name, both ways");
        api.MapGet("/findings", (EstateQueries estate, string? service = null) => Of(estate.Current, service, estate.Current.Findings, static (finding, id) => finding.ServiceId == id))
            .Produces<IReadOnlyList<FindingRow>>().WithSummary("What is wrong with what services send, worst first, with what puts it right");
    }

    public static IResult Detail(EstateSnapshot estate, string service) =>
        ApiEndpoints.Found(Find(estate, service) is { } row ? new ServiceDetail(row, estate) : null, "service", service);

    private static IResult Of<T>(EstateSnapshot estate, string? service, IReadOnlyList<T> rows, Func<T, string, bool> isOf)
    {
        if (service is null)
        {
            return Results.Ok(rows);
        }

        var row = Find(estate, service);
        return ApiEndpoints.Found(row is null ? null : rows.Where(item => isOf(item, row.Id)).ToList(), "service", service);
    }

    private static ServiceRow? Find(EstateSnapshot estate, string service) => estate.FindServiceCalled(service);
}
