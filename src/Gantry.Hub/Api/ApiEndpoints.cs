using Gantry.Hub.Coverage;
using Gantry.Hub.Methods;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Api;

/// <summary>REST under /api/v1: what the pages show, as JSON, and the door for gateways' reports.</summary>
internal static class ApiEndpoints
{
    private const int MaxReportBytes = 64 * 1024 * 1024;
    private const int LongestMinutes = 24 * 60;

    public static void MapApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapGet("/summary", (EstateQueries estate) => estate.Current.Summary)
            .WithSummary("The ladder in numbers, what needs attention, and the one next step");
        api.MapGet("/hosts", (EstateQueries estate) => estate.Current.Hosts).WithSummary("Hosts, with where they stand and why");
        api.MapGet("/hosts/{id}", (string id, EstateQueries estate) => Found(estate.Current.Hosts.FirstOrDefault(row => row.Id == id || row.Name == id), "host", id))
            .Produces<HostRow>().WithSummary("One host, by id or name");
        api.MapGet("/hosts/{id}/use", (string id, EstateQueries estate, int minutes = 60) => Series(minutes, span => estate.HostUse(id, span)))
            .WithSummary("Utilisation, saturation and errors of a host, oldest first");
        api.MapGet("/services", (EstateQueries estate) => estate.Current.Services).WithSummary("Services and dark processes, with where they stand and why");
        api.MapGet("/services/{id}", (string id, EstateQueries estate) => EdgeEndpoints.Detail(estate.Current, id))
            .Produces<ServiceDetail>().WithSummary("One service, by id or name, with its edges and findings");
        api.MapGet("/services/{id}/red", (string id, EstateQueries estate, int minutes = 60) => Series(minutes, span => estate.ServiceRed(id, span)))
            .WithSummary("Rate, errors and duration of a service's inbound requests, oldest first");
        api.MapGet("/services/{id}/operations", (string id, EstateQueries estate) => estate.Operations(id)).WithSummary("A service's operations of the last hour");
        api.MapGet("/services/{id}/neighbours", (string id, EstateQueries estate) => estate.Neighbours(id)).WithSummary("Services joined with this one in a trace");
        api.MapGet("/processes", (EstateQueries estate) => estate.Current.Processes).WithSummary("Every process that agents report, with how far its instrumentation has come");
        api.MapEdges();
        api.MapChanges();
        api.MapJourneys();
        api.MapMethods();
        api.MapPost("/observations", TakeObservationsAsync).WithSummary("A gateway's report: protobuf, gantry.proto in Contracts");
    }

    private static async Task<IResult> TakeObservationsAsync(HttpContext context, ObservationStore store)
    {
        if (context.Request.ContentType != ObservationBatch.ContentType)
        {
            return Problem(StatusCodes.Status415UnsupportedMediaType, $"Content-Type \"{context.Request.ContentType}\": send {ObservationBatch.ContentType}");
        }

        if (context.Request.ContentLength is not (> 0 and <= MaxReportBytes))
        {
            return Problem(StatusCodes.Status413PayloadTooLarge, $"Content-Length must be 1 to {MaxReportBytes}");
        }

        var bytes = new byte[(int)context.Request.ContentLength];
        await context.Request.Body.ReadExactlyAsync(bytes, context.RequestAborted);
        if (WireMessage.TryRead<ObservationBatch>(bytes, out var error) is not { GatewayId.Length: > 0 } batch)
        {
            return Problem(StatusCodes.Status400BadRequest, $"not an ObservationBatch ({error}, or no gateway_id)");
        }

        return Results.Bytes(new ObservationReply { FullWanted = store.Take(batch) }.ToArray(), ObservationBatch.ContentType);
    }

    private static IResult Series<T>(int minutes, Func<TimeSpan, IReadOnlyList<T>> read) => minutes is < 1 or > LongestMinutes
        ? Problem(StatusCodes.Status400BadRequest, $"minutes={minutes}: expected 1 to {LongestMinutes}")
        : Results.Ok(read(TimeSpan.FromMinutes(minutes)));

    internal static IResult Found<T>(T? row, string kind, string id)
        where T : class => row is null ? Problem(StatusCodes.Status404NotFound, $"no {kind} \"{id}\"; list them with GET /api/v1/{kind}s") : Results.Ok(row);

    private static IResult Problem(int status, string detail) => Results.Problem(statusCode: status, detail: detail);
}
