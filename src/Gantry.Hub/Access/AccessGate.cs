using System.Collections.Concurrent;
using System.Text;

namespace Gantry.Hub.Access;

/// <summary>
/// Before every door: who is it, and may they? Without a token that counts the answer is 401, with one for something else 403, before a WebSocket is
/// opened or a body is read, and the audit log has a line. Whoever is let in is known to the doors as <see cref="Caller"/>.
/// </summary>
internal sealed class AccessGate : IDisposable
{
    public const string Cookie = "gantry_session";

    private readonly AccessStore _store;
    private readonly AuditLog _audit;

    // Connections that last: when a credential ends, so does what was opened with it.
    private readonly ConcurrentDictionary<HttpContext, string> _lasting = [];
    private readonly ITimer _sweep;

    public AccessGate(AccessStore store, AuditLog audit, TimeProvider time)
    {
        (_store, _audit) = (store, audit);
        store.Changed += Sweep;
        // Expiry is told by nobody.
        _sweep = time.CreateTimer(_ => Sweep(), null, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15));
    }

    public void Dispose() => _sweep.Dispose();

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var need = DoorRules.Of(context.Request.Method, context.Request.Path);
        if (need == Need.Nothing)
        {
            await next(context);
            return;
        }

        var (caller, reason, byCookie) = _store.IsOpen ? (Caller.Anyone, "", false) : Identify(context, need is Need.Agent);
        if (caller is null)
        {
            _audit.Denied(context, "", reason);
            await Refusal.UnauthorizedAsync(context, reason);
            return;
        }

        context.Features.Set(caller);
        if (!May(need, caller))
        {
            _audit.Denied(context, caller.Name, $"{Words(caller)} is not {DoorRules.Words(need)}");
            await Refusal.ForbiddenAsync(context, $"this needs {DoorRules.Words(need)}, and {caller.Name} is {Words(caller)}");
            return;
        }

        if (byCookie && !IsOwnPage(context.Request))
        {
            _audit.Denied(context, caller.Name, "a change with a session, from another page");
            await Refusal.ForbiddenAsync(context, "a session changes things from the hub's own pages only; programs send a token");
            return;
        }

        await RunAsync(context, next, need, caller);
    }

    private async Task RunAsync(HttpContext context, RequestDelegate next, Need need, Caller caller)
    {
        var actor = new Actor(caller.Name, AuditLog.AddressOf(context));
        Actor.Set(actor);
        var lasts = caller.Id.Length > 0 && (context.WebSockets.IsWebSocketRequest || HttpMethods.IsGet(context.Request.Method));
        if (lasts)
        {
            _lasting[context] = caller.Id;
            // It may have ended since it was looked at, and the sweep before this one was there.
            if (!_store.Counts(caller.Id))
            {
                context.Abort();
            }
        }

        try
        {
            await next(context);
        }
        finally
        {
            if (lasts)
            {
                _lasting.TryRemove(context, out _);
            }
        }

        // Only what people do; and what a room has told itself it has told better.
        if (need is Need.Operator && !actor.IsAudited && IsChange(context))
        {
            _audit.Changed(actor, actor.Deed ?? new Deed("request", $"{context.Request.Method} {context.Request.Path}", ""));
        }
    }

    private void Sweep()
    {
        foreach (var (context, id) in _lasting)
        {
            if (_store.Counts(id))
            {
                continue;
            }

            if (context.Features.Get<IFarewell>() is { } farewell)
            {
                farewell.Say("the credential was revoked or has expired");
            }
            else
            {
                context.Abort();
            }
        }
    }

    private (Caller? Caller, string Reason, bool ByCookie) Identify(HttpContext context, bool isAgents)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length > 0)
        {
            var (caller, reason) = TokenOf(header) is { } token ? _store.Identify(token, isAgents, isAgents ? AgentOf(context.Request) : null) : (null, "an Authorization that is neither Bearer nor Basic");
            if (caller?.AgentUid is not null && context.Connection.ClientCertificate is { } both)
            {
                // It came with both, and the certificate is in use from now on too.
                _store.Identify(both.RawDataMemory.Span);
            }

            return (caller, reason, false);
        }

        // Only at the doors of agents: a browser may show a certificate that its user never chose.
        if (isAgents && context.Connection.ClientCertificate is { } certificate)
        {
            var (caller, reason) = _store.Identify(certificate.RawDataMemory.Span);
            return (caller, reason, false);
        }

        if (context.Request.Cookies[Cookie] is { Length: > 0 } session)
        {
            var (caller, reason) = _store.Identify(session);
            return (caller, reason, true);
        }

        return (null, "no token", false);
    }

    /// <summary>Whom an OpAMP request names before it has said anything.</summary>
    private static Guid? AgentOf(HttpRequest request) =>
        request.Headers["OpAMP-Instance-UID"].ToString() is { Length: > 0 and <= 64 } named && Guid.TryParse(named, out var uid) ? uid : null;

    /// <summary>Bearer (RFC 6750), or the password of Basic (RFC 7617), as Alloy and its Terraform provider send it; the user name says nothing.</summary>
    private static string? TokenOf(string header)
    {
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return header["Bearer ".Length..].Trim();
        }

        var bytes = new byte[TokenText.Longest * 2];
        return header.Length <= bytes.Length && header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)
            && Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length) is var pair && pair.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
            ? pair[(colon + 1)..]
            : null;
    }

    private static bool May(Need need, Caller caller) => caller.IsAnyone || (caller == Caller.Itself ? need is Need.Agent or Need.Gateway or Need.GatewayOrViewer or Need.MachineOrViewer
        : DoorRules.Allows(need, caller.Role));

    private static string Words(Caller caller) => caller.Role switch
    {
        Role.Agent => "an agent",
        Role.Gateway => "a gateway",
        Role.Enrolment => "an enrolment token",
        _ => caller.Role.ToString().ToLowerInvariant(),
    };

    /// <summary>Cookies go along with what any page sends here; SameSite=Strict keeps them back, and the origin is asked once more for what changes something.</summary>
    private static bool IsOwnPage(HttpRequest request)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return true;
        }

        // The origin is null where the referrer policy hides it; then the browser's own word counts.
        var origin = request.Headers.Origin.ToString();
        return origin is "" or "null" ? request.Headers["Sec-Fetch-Site"] == "same-origin"
            : Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsChange(HttpContext context) =>
        context.Response.StatusCode < 400 && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method)
        && !context.Request.Path.StartsWithSegments("/api/v1/resources") && context.Request.Query["dryRun"] != "true";
}
