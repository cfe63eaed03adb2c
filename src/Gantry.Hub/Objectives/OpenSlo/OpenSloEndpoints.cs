using Gantry.Estate.Journeys;
using Gantry.Hub.Estate;

namespace Gantry.Hub.Objectives.OpenSlo;

/// <summary>REST of OpenSLO, out and in.</summary>
internal static class OpenSloEndpoints
{
    private const int MostBytes = 2 * 1024 * 1024;

    public static void MapOpenSlo(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/journeys/{name}/openslo", Export).Produces<string>(200, "application/yaml").ProducesProblem(404).WithSummary("A journey's objectives and alerts as OpenSLO v1");
        app.MapPost("/api/v1/openslo", ImportAsync).Accepts<string>("application/yaml").Produces<OpenSloImport>().ProducesProblem(400)
            .WithSummary("What OpenSLO v1 documents would become as journeys, and what of them would not. Changes nothing. ?journey= names it, ?entry=SERVICE/OPERATION is where it begins");
    }

    private static IResult Export(string name, ResourceStore resources) => resources.Find(JourneyReader.Kind, name)?.Document?.Model is Journey journey
        ? Results.Text(OpenSloWriter.Write(journey), "application/yaml; charset=utf-8")
        : ResourceEndpoints.Problem(StatusCodes.Status404NotFound, $"no journey \"{name}\" is declared");

    private static async Task<IResult> ImportAsync(HttpContext context, string journey = "", string entry = "", string file = "-")
    {
        Access.Actor.OnlyLooked();
        if (await ResourceEndpoints.BodyAsync(context.Request, MostBytes) is not { } text)
        {
            return ResourceEndpoints.Problem(StatusCodes.Status400BadRequest, $"the body must be a text of OpenSLO documents in UTF-8, of at most {MostBytes} bytes");
        }

        var begins = entry.Length > 0 ? OpenSloReader.ParseEntry(entry) : null;
        return entry.Length > 0 && begins is null
            ? ResourceEndpoints.Problem(StatusCodes.Status400BadRequest, "entry: expected SERVICE or SERVICE/OPERATION, such as storefront/POST /purchase")
            : Results.Ok(OpenSloReader.Read([(file, text)], journey, begins));
    }
}
