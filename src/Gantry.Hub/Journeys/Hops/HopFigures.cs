using Gantry.Estate.Journeys;
using Gantry.Estate.Ladder;
using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Edges;
using Gantry.Hub.Journeys.Breaks;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;
using Gantry.Protocol.Otlp.Traces;

namespace Gantry.Hub.Journeys.Hops;

/// <summary>Adds the figures of each hop, from the same counts as every other page. The lock of <see cref="ObservationStore"/> is held.</summary>
internal static class HopFigures
{
    public static HopRow Row_NeedsLock(HopDraft hop, DateTimeOffset now)
    {
        var red = hop.State is { } state ? ServiceFacts.Recent_NeedsLock(state, hop.Operation, now)?.Red() : null;
        return new HopRow(
            hop.Id,
            hop.Parent?.Id ?? "",
            hop.Depth,
            hop.End,
            hop.Operation,
            hop.Row?.Rung ?? 0,
            StateOf(hop, now),
            Math.Round(hop.Share, 4),
            red is null ? null : new HopRed(red.Rate, red.ErrorShare, red.P50, red.P95),
            hop.Origin,
            hop.Break,
            hop.LastSeen)
        {
            Optional = hop.Optional,
        };
    }

    public static RedNow? Red_NeedsLock(HopDraft root, string operation, DateTimeOffset now)
    {
        if (root.State is not { } state || ServiceFacts.Recent_NeedsLock(state, operation, now) is not { } calls || calls.Red() is not { } red)
        {
            return null;
        }

        return new RedNow(red.Rate, red.ErrorShare, red.P50, red.P95, null, state.BestSource(now) == RedSource.Metrics ? "metrics" : "spans", root.LastSeen ?? now);
    }

    /// <summary>Entry requests since then, counted; a minute that holds that moment counts whole. Telemetry of several names of one declared service tells of the same requests.</summary>
    public static ulong Requests_NeedsLock(List<ServiceState> entrances, DeclaredNames names, JourneyEntry entry, DateTimeOffset since) => entrances
        .GroupBy(service => names.OneOf(service.Key))
        .Aggregate(0UL, (sum, group) => sum + group.Max(service => Requests(service, entry, since)));

    private static ulong Requests(ServiceState service, JourneyEntry entry, DateTimeOffset since)
    {
        var sum = 0UL;
        foreach (var ((name, kind, source), operation) in service.Operations)
        {
            if (source == RedSource.Spans && SpanKinds.IsInbound(kind) && entry.Begins(name))
            {
                var first = operation.Window.SlotOf(since);
                foreach (var slot in operation.Window.Since(first))
                {
                    sum += slot.Calls;
                }
            }
        }

        return sum;
    }

    /// <summary>When an entry request was last counted, from spans or metrics; null when none was within the hour.</summary>
    public static DateTimeOffset? LastRequest_NeedsLock(List<ServiceState> entrances, JourneyEntry entry)
    {
        DateTimeOffset? last = null;
        foreach (var service in entrances)
        {
            foreach (var ((name, kind, _), operation) in service.Operations)
            {
                if (SpanKinds.IsInbound(kind) && entry.Begins(name) && (last is null || operation.LastSeen > last))
                {
                    last = operation.LastSeen;
                }
            }
        }

        return last;
    }

    private static string StateOf(HopDraft hop, DateTimeOffset now) => hop switch
    {
        { Origin: "declared", LastSeen: null, Row: null } or { Parent: null, LastSeen: null, Row: null } => "unseen",
        { End.Type: not "service" } => "outside",
        { Row.Dark: true } => "dark",
        // Its share in traces is old because the link loses them; itself it sends.
        { Break.Length: > 0, LastSeen: not null, Row.LastSeen: { } sent } when now - sent <= Ladder.FreshFor => "live",
        { Row.Stale: true } => "stale",
        { Row: null } => "outside",
        _ when hop.LastSeen is { } last && now - last > Ladder.FreshFor => "stale",
        { Origin: "declared", LastSeen: null } => "unseen",
        _ => "live",
    };
}
