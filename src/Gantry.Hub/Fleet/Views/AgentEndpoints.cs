using System.Data.Common;
using Gantry.Hub.Access;
using Gantry.Hub.Coverage;

namespace Gantry.Hub.Fleet.Views;

/// <summary>REST of the fleet.</summary>
internal static class AgentEndpoints
{
    /// <summary>Rows there are in all, over every page.</summary>
    public const string TotalHeader = "X-Total-Count";

    private const int MostWords = 200;

    public static void MapAgents(this IEndpointRouteBuilder app)
    {
        var agents = app.MapGroup("/api/v1/agents");
        agents.MapGet("", List).Produces<IReadOnlyList<AgentRow>>()
            .WithSummary("Agents of every door, OpAMP and Fleet Management: filtered by q and state, sorted by sort (- before it turns it round); with page and size one page, X-Total-Count says of how many");
        agents.MapGet("/{uid}", static (string uid, FleetView view) => view.One(AgentIds.OfRoute(uid)) is { } detail ? Results.Ok(detail) : Missing(uid))
            .Produces<AgentDetail>().WithSummary("One agent, by instance uid or a collector's id: its way from desired to in effect, its health, its configurations");
        agents.MapPut("/{uid}/attributes", static (string uid, Dictionary<string, string> attributes, FleetView view) => Put(uid, attributes, view))
            .Produces(StatusCodes.Status204NoContent).WithSummary("Sets an agent's operator attributes, all of them; matchers see them before what it reports");
        agents.MapPost("/{uid}/retry", static (string uid, FleetView view) => Retry(uid, view))
            .Produces(StatusCodes.Status204NoContent).WithSummary("Offers once more what the agent failed with");
        agents.MapPost("/{uid}/restart", static (string uid, FleetStore fleet) => Restart(uid, fleet))
            .Produces(StatusCodes.Status202Accepted).WithSummary("Tells the agent to restart, now or with its next poll");
    }

    private static IResult List(HttpContext context, FleetView view, string q = "", string state = "", string sort = "host", int? page = null, int? size = null)
    {
        var problem = q.Length > MostWords ? $"q has {q.Length} characters: expected at most {MostWords}"
            : !FleetView.Sorts.Contains(sort.TrimStart('-')) ? $"sort={sort}: expected one of {string.Join(", ", FleetView.Sorts)}, or - before it"
            : state.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(word => !FleetView.States.Contains(word)) is { } word
                ? $"state={word}: expected one of {string.Join(", ", FleetView.States)}"
            : page is < 1 ? $"page={page}: expected 1 or more"
            : size is < 1 or > FleetView.MostRows ? $"size={size}: expected 1 to {FleetView.MostRows}"
            : null;
        if (problem is not null)
        {
            return Results.Problem(statusCode: StatusCodes.Status400BadRequest, detail: problem);
        }

        var rows = size ?? (page is null ? int.MaxValue : 50);
        var found = view.Find(new AgentQuery(q, state, sort, page ?? 1, rows));
        context.Response.Headers[TotalHeader] = found.Total.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return Results.Ok(found.Rows);
    }

    private static IResult Put(string uid, Dictionary<string, string> attributes, FleetView view) => Written(() =>
        view.SetAttributes(AgentIds.OfRoute(uid), attributes) switch
        {
            null => Missing(uid),
            "" => Told("agent.attributes", uid, AttributeWords.Of(attributes)),
            var problem => Results.Problem(statusCode: StatusCodes.Status400BadRequest, detail: problem),
        });

    private static IResult Retry(string uid, FleetView view) => Written(() =>
        view.Retry(AgentIds.OfRoute(uid)) ? Told("agent.retry", uid, "") : Missing(uid, " that rejected a configuration"));

    private static IResult Told(string what, string uid, string detail)
    {
        Actor.Tell(what, $"Agent/{AgentIds.OfRoute(uid)}", $"source api{(detail.Length > 0 ? $": {detail}" : "")}");
        return Results.NoContent();
    }

    /// <summary>What operators say of collectors is written before it counts.</summary>
    private static IResult Written(Func<IResult> act)
    {
        try
        {
            return act();
        }
        catch (DbException exception)
        {
            return Results.Problem(statusCode: StatusCodes.Status503ServiceUnavailable, detail: $"the hub's database cannot be written ({exception.Message}); nothing has changed");
        }
    }

    private static IResult Restart(string uid, FleetStore fleet) => Parse(uid) is not { } id ? Missing(uid) : fleet.Restart(id) switch
    {
        null => Missing(uid),
        false => Results.Problem(statusCode: StatusCodes.Status409Conflict, detail: $"agent {uid} does not accept the restart command"),
        true => Restarted(id),
    };

    private static IResult Restarted(Guid id)
    {
        Actor.Tell("agent.restart", $"Agent/{id}", "source api");
        return Results.Accepted();
    }

    private static Guid? Parse(string uid) => Guid.TryParse(uid, out var parsed) ? parsed : null;

    private static IResult Missing(string uid, string which = "") =>
        Results.Problem(statusCode: StatusCodes.Status404NotFound, detail: $"no agent \"{uid}\"{which}; list them with GET /api/v1/agents");
}
