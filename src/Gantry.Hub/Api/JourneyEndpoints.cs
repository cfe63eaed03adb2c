using Gantry.Estate.Resources;
using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Steps;
using Gantry.Hub.Journeys;

namespace Gantry.Hub.Api;

/// <summary>Journeys, how far the estate is, and what to do next.</summary>
internal static class JourneyEndpoints
{
    private const int MostSteps = 1000;

    public static void MapJourneys(this IEndpointRouteBuilder api)
    {
        api.MapGet("/journeys", (JourneyQueries journeys) => journeys.Current).WithSummary("Declared journeys, the one that needs most first: hops, breaks, completeness, objectives");
        api.MapGet("/journeys/{name}", (string name, JourneyQueries journeys) => journeys.Find(name) is { } row ? Results.Ok(row) : Unknown("journey", name, journeys.Current.Select(journey => journey.Name)))
            .Produces<JourneyRow>().ProducesProblem(404).WithSummary("One journey by name");
        api.MapGet("/breaks", (JourneyQueries journeys) => journeys.Breaks).WithSummary("Links that lose traces anywhere in the estate, the one that costs most first");
        api.MapGet("/coverage", (EstateQueries estate) => CoverageSummary.Of(estate.Current)).WithSummary("How far the estate is: services by rung, by owner and by journey, and the next three steps");
        api.MapGet("/steps", (EstateQueries estate, string? journey = null, string? owner = null, int most = 20) => Steps(estate.Current, journey, owner, most))
            .Produces<IReadOnlyList<StepRow>>().ProducesProblem(400).ProducesProblem(404).WithSummary("What to do next, best first: for the estate, a journey or an owner; docs/steps.md has the rule");
    }

    private static IResult Steps(EstateSnapshot estate, string? journey, string? owner, int most)
    {
        if (most is < 1 or > MostSteps)
        {
            return Results.Problem(statusCode: StatusCodes.Status400BadRequest, detail: $"most={most}: expected 1 to {MostSteps}");
        }

        if (journey is not null && estate.Journeys.All(row => row.Name != journey))
        {
            return Unknown("journey", journey, estate.Journeys.Select(row => row.Name));
        }

        if (owner is not null && !CoverageSummary.OwnersOf(estate).Contains(owner))
        {
            return Unknown("owner", owner, CoverageSummary.OwnersOf(estate));
        }

        var steps = owner is not null ? estate.Steps.OfOwner(owner, journey) : journey is not null ? estate.Steps.OfJourney(journey) : estate.Steps.All;
        return Results.Ok(steps.Take(most));
    }

    /// <summary>Names what was probably meant, and some of what there is.</summary>
    private static IResult Unknown(string kind, string name, IEnumerable<string> known)
    {
        var names = known.Order(StringComparer.Ordinal).ToList();
        var near = names.Where(other => NearWord.Of(name, [other]) is not null || other.Contains(name, StringComparison.OrdinalIgnoreCase)).Take(3).ToList();
        var hint = near.Count > 0 ? $"did you mean {string.Join(" or ", near)}?"
            : names.Count == 0 ? $"no {kind} is declared; docs/journeys.md shows how to"
            : $"known: {string.Join(", ", names.Take(8))}{(names.Count > 8 ? $" and {names.Count - 8} more" : "")}";
        return Results.Problem(statusCode: StatusCodes.Status404NotFound, detail: $"no {kind} \"{name}\"; {hint}");
    }
}
