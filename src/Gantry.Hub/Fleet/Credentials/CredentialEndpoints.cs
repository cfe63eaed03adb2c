using System.Data.Common;
using Gantry.Hub.Access;
using Gantry.Hub.Fleet.Certificates;

namespace Gantry.Hub.Fleet.Credentials;

/// <summary>REST of what agents come with: replaced, taken away, and signed when an operator approves.</summary>
internal static class CredentialEndpoints
{
    public static void MapAgentCredentials(this IEndpointRouteBuilder app)
    {
        var agents = app.MapGroup("/api/v1/access/agents");
        agents.MapPost("/{uid}/rotate", Rotate).Produces<RotationRow>(StatusCodes.Status202Accepted).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409)
            .WithSummary("Offers an agent a new credential over OpAMP; the old one counts until the agent has come with the new one");
        agents.MapDelete("/{uid}", Revoke).Produces<IReadOnlyList<CredentialRow>>().ProducesProblem(400).ProducesProblem(404)
            .WithSummary("Revokes all that an agent has for itself, tokens and certificates; its connection is closed at once, on every node");
        var requests = app.MapGroup("/api/v1/access/requests");
        requests.MapGet("", static (Signing signing) => signing.Rows).WithSummary("Signing requests of agents that wait for an operator, or are decided and not fetched yet");
        requests.MapPost("/{uid}/approve", static (string uid, Signing signing) => Decide(uid, approves: true, signing)).Produces<SigningRow>().ProducesProblem(400).ProducesProblem(404)
            .WithSummary("Has an agent's signing request signed");
        requests.MapPost("/{uid}/refuse", static (string uid, Signing signing) => Decide(uid, approves: false, signing)).Produces<SigningRow>().ProducesProblem(400).ProducesProblem(404)
            .WithSummary("Refuses an agent's signing request; the agent is told");
    }

    private static IResult Rotate(string uid, AccessStore access, FleetStore fleet)
    {
        if (!Guid.TryParse(uid, out var agent))
        {
            return NoUid(uid);
        }

        if (access.NewestOf(agent) is not { Revoked: null })
        {
            return Problem(404, $"agent {agent} has no credential of its own that counts; list them with GET /api/v1/access/tokens");
        }

        return fleet.Rotate(agent) switch
        {
            null => Problem(404, $"agent {agent} has not come yet, so there is nobody to offer a new credential; list agents with GET /api/v1/agents"),
            false => Problem(409, $"agent {agent} takes no connection settings over OpAMP; it replaces its credential itself with POST {DoorRules.Rotate}"),
            true => Results.Accepted(value: new RotationRow(agent)),
        };
    }

    private static IResult Revoke(string uid, AccessStore access) => !Guid.TryParse(uid, out var agent) ? NoUid(uid) : Guard(() => Results.Ok(access.RevokeAgent(agent)));

    private static IResult Decide(string uid, bool approves, Signing signing) => !Guid.TryParse(uid, out var agent) ? NoUid(uid) : Guard(
        () => signing.Decide(agent, approves) is { } row ? Results.Ok(row) : Problem(404, $"no signing request of agent {agent} waits; list them with GET /api/v1/access/requests"));

    private static IResult Guard(Func<IResult> act)
    {
        try
        {
            return act();
        }
        catch (AccessException refused)
        {
            return Problem(refused.Status, refused.Message);
        }
        catch (DbException exception)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, $"the hub's database cannot be written ({exception.Message}); nothing has changed");
        }
    }

    private static IResult NoUid(string uid) => Problem(400, $"\"{uid}\": expected the instance uid of an agent, a UUID");

    private static IResult Problem(int status, string detail) => Results.Problem(statusCode: status, detail: detail);
}

/// <param name="Agent">Is offered a new credential now, or with what it says next.</param>
public sealed record RotationRow(Guid Agent);
