namespace Gantry.Hub.Access;

/// <summary>REST of access and audit.</summary>
internal static class AccessEndpoints
{
    private const int LongestName = 100;
    private const int MostAttributes = 20;
    private const int LongestAttribute = 256;
    private const int MostLines = 1000;
    private const int MostDays = 3650;

    public static void MapAccess(this IEndpointRouteBuilder app)
    {
        app.MapLogin();
        var api = app.MapGroup("/api/v1/access");
        api.MapGet("", WhoAmI).WithSummary("Who you are here, and whether access is configured at all");
        api.MapGet("/tokens", (AccessStore store, bool ended = false) => store.List(credential => credential.Role is not Role.Enrolment).Where(row => ended || row.State == "valid"))
            .WithSummary("Tokens of people, gateways and agents, without their secrets; ended=true: also those that no longer count");
        api.MapPost("/tokens", CreateToken).Produces<IssuedToken>(201).ProducesProblem(400).WithSummary("Makes a token. Its secret is in this answer and nowhere else");
        api.MapDelete("/tokens/{id}", Revoke).Produces<CredentialRow>().ProducesProblem(404).ProducesProblem(409).WithSummary("Revokes a token; what was opened with it is closed");
        api.MapGet("/enrolments", (AccessStore store, bool ended = false) => store.List(credential => credential.Role is Role.Enrolment).Where(row => ended || row.State == "valid"))
            .WithSummary("Enrolment tokens, without their secrets");
        api.MapPost("/enrolments", CreateEnrolment).Produces<IssuedToken>(201).ProducesProblem(400).WithSummary("Makes an enrolment token, with which agents get a credential each");
        api.MapDelete("/enrolments/{id}", Revoke).Produces<CredentialRow>().ProducesProblem(404).WithSummary("Revokes an enrolment token; agents that enrolled with it stay");
        api.MapPost("/enrol", Enrol).Produces<IssuedToken>(201).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403)
            .WithSummary("With an enrolment token: a credential for one agent, by its instance uid");
        api.MapPost("/rotate", Rotate).Produces<IssuedToken>(201).ProducesProblem(400).WithSummary("A new secret for your own token; the old one ends when the new one is first used, in a day at most");
        app.MapGet("/api/v1/audit", Audit).Produces<IReadOnlyList<AuditRow>>().ProducesProblem(400)
            .WithSummary("The audit log, newest first: changes, access given and taken, refused requests; ?what= one or more with commas between, ?about= in who, resource or address, ?before= a sequence");
    }

    private static WhoAmI WhoAmI(HttpContext context, AccessStore store)
    {
        var caller = context.Features.Get<Caller>()!;
        return new WhoAmI(store.IsOpen, caller.Id, caller.Name, caller.Role.ToString().ToLowerInvariant());
    }

    private static IResult CreateToken(TokenRequest request, AccessStore store)
    {
        if (!Enum.TryParse<Role>(request.Role, ignoreCase: true, out var role) || role is Role.Enrolment || int.TryParse(request.Role, out _))
        {
            return Problem(400, $"role \"{request.Role}\": expected viewer, operator, admin, agent or gateway");
        }

        return Check(request.Name, request.Days, request.Attributes) is { } wrong ? wrong
            : role is not Role.Agent && request.Attributes is { Count: > 0 } ? Problem(400, "attributes: only tokens of agents have them")
            : Issue(() => store.Create(request.Name, role, Days(request.Days), attributes: request.Attributes));
    }

    private static IResult CreateEnrolment(EnrolmentRequest request, AccessStore store) =>
        Check(request.Name, request.Days, request.Attributes) is { } wrong ? wrong
        : request.Uses is < 0 or > 1_000_000 ? Problem(400, $"uses={request.Uses}: expected 1 to 1000000, or 0 for any number")
        : Issue(() => store.Create(request.Name, Role.Enrolment, Days(request.Days), request.Uses, request.Attributes));

    private static IResult Revoke(string id, AccessStore store) => Guard(() => Results.Ok(store.Revoke(id)));

    private static IResult Enrol(AgentRequest request, HttpContext context, AccessStore store) =>
        !Guid.TryParse(request.InstanceUid, out var uid) || uid == Guid.Empty ? Problem(400, $"instanceUid \"{request.InstanceUid}\": expected the UUID of the agent")
        : Attributes(request.Attributes) is { } wrong ? wrong
        : Issue(() => store.Enrol(context.Features.Get<Caller>()!, uid, request.Attributes ?? new Dictionary<string, string>()));

    private static IResult Rotate(HttpContext context, AccessStore store) => Issue(() => store.Rotate(context.Features.Get<Caller>()!));

    private static IResult Audit(Storage.HubDatabase database, int limit = 100, long before = 0, string what = "", string about = "") =>
        limit is < 1 or > MostLines ? Problem(400, $"limit={limit}: expected 1 to {MostLines}")
        : before < 0 ? Problem(400, $"before={before}: expected a sequence of the log, or 0 for the newest")
        : Results.Ok(AuditTable.Read(database, limit, before, what, about));

    private static IResult? Check(string name, double days, IReadOnlyDictionary<string, string>? attributes) =>
        name is not { Length: > 0 and <= LongestName } || name.Any(char.IsControl) ? Problem(400, $"name: expected 1 to {LongestName} characters without control characters")
        : days is not (>= 0 and <= MostDays) ? Problem(400, $"days={days}: expected 0 (it never expires) to {MostDays}")
        : Attributes(attributes);

    private static IResult? Attributes(IReadOnlyDictionary<string, string>? attributes) =>
        attributes is null || (attributes.Count <= MostAttributes && attributes.All(pair => pair.Key.Length is > 0 and <= LongestAttribute && pair.Value is { Length: <= LongestAttribute }))
            ? null
            : Problem(400, $"attributes: expected at most {MostAttributes}, with names and values of at most {LongestAttribute} characters");

    private static TimeSpan? Days(double days) => days > 0 ? TimeSpan.FromDays(days) : null;

    private static IResult Issue(Func<IssuedToken> make) => Guard(() => new NotKept(Results.Json(make(), statusCode: StatusCodes.Status201Created)));

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
        catch (System.Data.Common.DbException exception)
        {
            return Problem(StatusCodes.Status503ServiceUnavailable, $"the hub's database cannot be written ({exception.Message}); nothing has changed");
        }
    }

    private static IResult Problem(int status, string detail) => Results.Problem(statusCode: status, detail: detail);

    /// <summary>An answer with a secret in it, which no cache may have.</summary>
    private sealed class NotKept(IResult result) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.CacheControl = "no-store";
            return result.ExecuteAsync(httpContext);
        }
    }
}

/// <summary>The caller, as the hub knows it.</summary>
/// <param name="Open">True: there is no admin token yet, and everybody on the hub's machine may do everything.</param>
public sealed record WhoAmI(bool Open, string Id, string Name, string Role);

/// <param name="Role">viewer, operator, admin, agent or gateway.</param>
/// <param name="Days">Until it expires; 0: never.</param>
/// <param name="Attributes">Of agents that come with it.</param>
public sealed record TokenRequest(string Name, string Role, double Days = 0, IReadOnlyDictionary<string, string>? Attributes = null);

/// <param name="Days">Until it expires; 0: never. Default a week.</param>
/// <param name="Uses">How many agents may enrol with it; 0: any number.</param>
/// <param name="Attributes">What an agent must be to enrol with it.</param>
public sealed record EnrolmentRequest(string Name, double Days = 7, long Uses = 0, IReadOnlyDictionary<string, string>? Attributes = null);

/// <param name="InstanceUid">OpAMP instance uid, a UUID.</param>
public sealed record AgentRequest(string InstanceUid, IReadOnlyDictionary<string, string>? Attributes = null);
