using Gantry.Hub.Coverage;

namespace Gantry.Hub.Journeys;

/// <summary>A share that was measured on chosen traces and holds for all within an interval.</summary>
/// <param name="Share">0 to 1, of the chosen ones.</param>
/// <param name="Low">Lower end of the 99 % interval (Wilson score) for all requests.</param>
/// <param name="Chosen">Requests that were looked at whole.</param>
/// <param name="Of">Requests that there were, counted.</param>
/// <param name="Since">The oldest of the chosen ones.</param>
/// <param name="At">The newest of them.</param>
public sealed record ShareEstimate(double Share, double Low, double High, long Chosen, ulong Of, DateTimeOffset Since, DateTimeOffset At);

/// <summary>A declared journey, with how far it is.</summary>
/// <param name="State">"whole" (every trace is complete), "broken" (a link is), "dark" (the entry was never seen), "stale" (no request within five minutes), "mending" (no link is broken any more, the share still holds requests of before) or "unknown" (too few traces were looked at, or none within six minutes).</param>
/// <param name="Entry">The entry's service; null while none of that name is known.</param>
/// <param name="Complete">Share of requests whose trace is complete from entry to leaves; null before the first was looked at.</param>
/// <param name="Hops">In the order of the way, the entry first. Depth and parent make the map.</param>
/// <param name="Breaks">Where it breaks, the one that costs most first.</param>
/// <param name="Red">Of the entry operation.</param>
/// <param name="Reached">The lowest rung of its hops that are services, without optional ones that were never met.</param>
/// <param name="Next">The first of its steps; null when nothing is left to do.</param>
public sealed record JourneyRow(
    string Name,
    string Title,
    string Owner,
    string State,
    HopEnd Entry,
    string Operation,
    ShareEstimate? Complete,
    IReadOnlyList<HopRow> Hops,
    IReadOnlyList<BreakRow> Breaks,
    RedNow? Red,
    int Reached,
    Step? Next,
    DateTimeOffset? LastSeen)
{
    public string Description { get; init; } = "";

    /// <summary>Hops were declared; else they are learnt from traces.</summary>
    public bool IsDeclared { get; init; }

    public IReadOnlyList<ObjectiveRow> Objectives { get; init; } = [];

    /// <summary>Since when no trace is judged, because a gateway says nothing: it may have spans of any. Null while all report. After five minutes it is taken for gone.</summary>
    public DateTimeOffset? UnjudgedSince { get; init; }
}

/// <summary>What stands at one end of a link.</summary>
/// <param name="Type">"service", "database", "queue", "rpc" or "address".</param>
/// <param name="ServiceId">The row in the list of services; null when none is known to be this.</param>
public sealed record HopEnd(string Id, string Name, string Type, string? ServiceId);

/// <summary>A station of a journey: a service with the operation that answers, a queue, or what lies outside.</summary>
/// <param name="Id">Stable within the journey.</param>
/// <param name="Parent">Id of the hop before; "" for the entry.</param>
/// <param name="Operation">The operation that answers; "" for what is no service, or is dark.</param>
/// <param name="Rung">Of its service; 0 for what is none.</param>
/// <param name="State">"live", "stale", "dark" (a known process that sends nothing), "unseen" (declared, never met) or "outside" (database, queue, third party).</param>
/// <param name="Share">Of the journey's requests that come by here, 0 to 1 (more when one request calls it twice).</param>
/// <param name="Red">Of the operation, of all its callers; null without.</param>
/// <param name="Origin">"declared", "learnt" or "both".</param>
/// <param name="Break">Id of the break in the link that leads here; "" when it is whole.</param>
public sealed record HopRow(
    string Id,
    string Parent,
    int Depth,
    HopEnd End,
    string Operation,
    int Rung,
    string State,
    double Share,
    HopRed? Red,
    string Origin,
    string Break,
    DateTimeOffset? LastSeen)
{
    /// <summary>Declared as one that not every request reaches.</summary>
    public bool Optional { get; init; }

    /// <summary>Need not be reached, and never was: it says nothing of how far the journey is.</summary>
    internal bool IsUnused => Optional && LastSeen is null;
}

/// <summary>RED of one operation over the last five minutes.</summary>
public sealed record HopRed(double Rate, double ErrorShare, double? P50, double? P95);

/// <summary>A link that loses the trace.</summary>
/// <param name="Code">"hop-dark", "context-not-sent", "context-not-continued", "queue-loses-context", "spans-missing" or "hop-unseen"; docs/journeys.md says what each means.</param>
/// <param name="Cause">What most probably is the reason, in words.</param>
/// <param name="Evidence">What was seen that says so, with figures.</param>
/// <param name="Fix">What puts it right, in words.</param>
/// <param name="Method">Id of the method in the catalogue; "" where none is one.</param>
/// <param name="Command">A command or setting that does it; "" where there is none.</param>
/// <param name="Requests">Requests that lost their trace here, counted over all gateways, within the last hour.</param>
/// <param name="Lost">Share of what went over the link.</param>
/// <param name="Also">Services that only look broken because of this: what lies behind a dark hop.</param>
public sealed record BreakRow(
    string Id,
    string Code,
    HopEnd From,
    HopEnd To,
    string Queue,
    string Title,
    string Cause,
    string Evidence,
    string Fix,
    string Method,
    string Command,
    ulong Requests,
    ShareEstimate? Lost,
    IReadOnlyList<string> Also,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen);

/// <summary>An objective, with how it stands.</summary>
/// <param name="Indicator">"errors" or "duration".</param>
/// <param name="Good">Share of good requests within the window; null without requests.</param>
/// <param name="Budget">Share of the error budget that is left, at most 1, below 0 when it is overspent; null without requests.</param>
/// <param name="Burns">Burn rates of the windows that alerts look at.</param>
/// <param name="State">"met", "burning" (a page or ticket alert holds), "stale" (either, until requests ceased to come), "missed" or "unknown".</param>
public sealed record ObjectiveRow(
    string Name, string Service, string Indicator, double Target, double WindowSeconds, double ThresholdSeconds,
    ulong Requests, ulong Bad, double? Good, double? Budget, IReadOnlyList<BurnRow> Burns, string State)
{
    /// <summary>The first request of the window that was counted: a window that is longer than that is judged on less. Null without requests.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The minute (before three days: the hour) of the newest request that was counted. Null without requests.</summary>
    public DateTimeOffset? LastAt { get; init; }
}

/// <summary>How many times faster than allowed the budget is spent: 1 spends it exactly within the objective's window.</summary>
/// <param name="Alert">"page" or "ticket".</param>
/// <param name="Long">Rate over the long window; null without requests.</param>
/// <param name="Holds">Both are above <paramref name="Threshold"/>.</param>
public sealed record BurnRow(string Alert, double LongSeconds, double ShortSeconds, double Threshold, double? Long, double? Short, bool Holds);
