using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys;

namespace Gantry.Hub.Api;

/// <summary>Edges and findings: all of them, or those of one service.</summary>
internal static class EdgeEndpoints
{
    public static void MapEdges(this IEndpointRouteBuilder api)
    {
        api.MapGet("/edges", (EstateQueries estate, string? service = null, string? name = null) => Of(
                "edge", estate.Current, service, name, estate.Current.Edges, static edge => [edge.Caller.ServiceId, edge.Callee.ServiceId], static edge => [edge.Id, edge.Caller.Id, edge.Caller.Name, edge.Callee.Id, edge.Callee.Name]))
            .Produces<IReadOnlyList<EdgeRow>>().WithSummary("Who calls whom, with rate, errors and duration; of one service by id or name, both ways; or by a name of either end, a service's by any that telemetry or a document has for it");
        api.MapGet("/findings", (EstateQueries estate, string? service = null, string? name = null) => Of(
                "finding", estate.Current, service, name, estate.Current.Findings, static finding => [finding.ServiceId], static finding => [finding.Id, finding.Service, finding.Code]))
            .Produces<IReadOnlyList<FindingRow>>().WithSummary("What is wrong with what services send, worst first, with what puts it right; of one service by id or name; or by a code, or any name of the service");
    }

    public static IResult Detail(EstateSnapshot estate, string service) =>
        ApiEndpoints.Found(Find(estate, service) is { } row ? new ServiceDetail(row, estate) : null, "service", service);

    /// <param name="service">The first of that id or name: whoever asks for one wants no other.</param>
    /// <param name="name">All of that name, in whatever environment.</param>
    private static IResult Of<T>(string kind, EstateSnapshot estate, string? service, string? name, IReadOnlyList<T> rows, Func<T, string?[]> servicesOf, Func<T, string[]> namesOf)
    {
        if (service is not null)
        {
            if (Find(estate, service) is not { } row)
            {
                return ApiEndpoints.Found<ServiceRow>(null, "service", service);
            }

            rows = [.. rows.Where(item => servicesOf(item).Contains(row.Id))];
        }

        return name is null ? Results.Ok(rows) : Called(kind, estate, name, rows, servicesOf, namesOf);
    }

    /// <summary>Rows that bear a name themselves, or are of a service that has it. A service of that name without any is an answer; a name that nobody has is a mistake.</summary>
    /// <param name="known">Something that is no service has the name.</param>
    internal static IResult Called<T>(string kind, EstateSnapshot estate, string name, IReadOnlyList<T> rows, Func<T, string?[]> servicesOf, Func<T, string[]> namesOf, bool known = false)
    {
        var services = ServicesCalled(estate, name);
        var found = rows.Where(item => namesOf(item).Contains(name) || servicesOf(item).Any(id => id is not null && services.Contains(id))).ToList();
        return ApiEndpoints.Found(known || found.Count > 0 || services.Count > 0 ? found : null, kind, name);
    }

    /// <summary>Ids of all services that have a name or an id, in whatever environment, with those that lead to them.</summary>
    internal static HashSet<string> ServicesCalled(EstateSnapshot estate, string name) =>
        [.. estate.Services.Where(row => row.Id == name || row.OtherIds.Contains(name) || DeclaredNames.IsCalled(row, name)).SelectMany(row => row.OtherIds.Prepend(row.Id))];

    private static ServiceRow? Find(EstateSnapshot estate, string service) => estate.FindServiceCalled(service);
}
