using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Callers;

/// <summary>What a call does, and so what its caller must be allowed.</summary>
internal enum CallerNeed
{
    /// <summary>A collector's own calls.</summary>
    Collect,

    /// <summary>Looks at collectors and pipelines.</summary>
    Read,

    /// <summary>Changes them.</summary>
    Write,
}

/// <summary>Somebody who was let in.</summary>
/// <param name="Name">For the audit log and as the author of a change; no secret.</param>
internal sealed record Caller(string Name);

/// <summary>Exactly one of both.</summary>
internal readonly record struct CallerVerdict(Caller? Caller, ConnectError? Error)
{
    public static CallerVerdict Welcome(string name) => new(new Caller(name), null);

    /// <param name="code">unauthenticated for a credential that is missing or wrong, permission_denied for one that may not do this.</param>
    public static CallerVerdict Refused(ConnectCode code, string why) => new(null, new ConnectError(code, why));
}

/// <summary>Decides who may call. Asked once a request, before its body is read.</summary>
internal interface ICallerCheck
{
    /// <summary>Thread-safe. For <see cref="CallerNeed.Collect"/> it must not depend on a database that may be away: an Alloy whose registration fails does
    /// not start.</summary>
    ValueTask<CallerVerdict> CheckAsync(CallerCredential credential, CallerNeed need, CancellationToken cancellation);
}
