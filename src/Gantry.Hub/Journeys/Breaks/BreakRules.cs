using System.Globalization;
using Gantry.Estate.Ladder;
using Gantry.Hub.Coverage;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Journeys.Breaks;

/// <summary>
/// The cause of a lost link, from what is known of both sides; the first rule that fits says it. docs/journeys.md has the rules in words.
/// </summary>
internal static class BreakRules
{
    /// <summary>Of a service that was just instrumented: a call is seen up to these later than it was made, so what is lost then was lost before.</summary>
    private static readonly TimeSpan JustBegan = TimeSpan.FromSeconds(10);

    private const string Propagators = "OTEL_PROPAGATORS=tracecontext,baggage";

    public static BreakCause CauseOf(LostLink link, DateTimeOffset now)
    {
        if (link.Callee is not { } callee)
        {
            return Nobody(link);
        }

        // Where nobody calls there is no span either: its silence counts from the last call that was lost.
        if (callee.Dark || link.Facts.LastSpan is not { } last || link.LastLost - last > Ladder.FreshFor)
        {
            return Dark(link, callee, now);
        }

        if (HasJustBegun(link))
        {
            return Dark(link, callee, now) with { Cause = $"{callee.Name} sent no spans until a moment ago.", Evidence = "Its first span has just come; calls of before are still among those that were looked at." };
        }

        if (link.Queue is not null)
        {
            return Queue(link, callee);
        }

        if (link.Facts.Begun == 0)
        {
            return Missing(link, callee);
        }

        return link.CallerIsHeard || link.Facts.Continued == 0 ? NotContinued(link, callee) : NotSent(link, callee);
    }

    /// <summary>Lost for a while, then its first span came, and since then nothing is lost: it was dark, and what is lost was lost before.</summary>
    private static bool HasJustBegun(LostLink link) =>
        link.Facts is { Begun: 0, FirstSpan: { } first }
        && first - link.FirstLost > JustBegan && link.LastLost - first < JustBegan && (link.FirstAnswered is not { } answered || link.LastLost - answered <= JustBegan);

    private static BreakCause Dark(LostLink link, ServiceRow callee, DateTimeOffset now)
    {
        var silent = link.Facts.LastSpan is { } last ? $"Its last span is {Age(now - last)} old." : "No span of it ever came.";
        var cause = callee switch
        {
            { Dark: true } when link.KnownAt is { } known => $"{callee.Name} ran and sent no telemetry when the agent of its host was last heard, {Age(now - known)} ago.",
            { Dark: true } => $"{callee.Name} runs and sends no telemetry.",
            _ => $"{callee.Name} sends telemetry, but no spans of the requests that it answers.",
        };
        var process = callee.Processes is [var first, ..] ? first : null;
        var step = callee.Next;
        return new BreakCause(
            BreakCodes.HopDark,
            $"{callee.Name} is dark",
            cause,
            silent,
            $"{(link.KnownAt is null ? "" : "See that the agent of its host reports again. ")}{(step is null ? $"Instrument {callee.Name} so that it sends spans." : step.Why)}",
            process?.Method ?? "",
            step?.Command ?? "");
    }

    private static BreakCause Queue(LostLink link, ServiceRow callee) => new(
        BreakCodes.QueueLosesContext,
        $"{link.Queue!.Name} loses the trace on its way to {callee.Name}",
        link.CallerIsHeard || link.Facts.Continued == 0
            ? $"{callee.Name} takes messages from the queue and begins a trace of its own for each: it does not read the context that {link.Caller.Name} puts into their headers."
            : $"{link.Caller.Name} puts no context into the headers of its messages: {callee.Name} continues what others send.",
        $"{Count(link.Facts.Queued)} messages began a trace within the hour.",
        $"Let both sides use the same propagation format: start {Blamed(link, callee)} with the variable below. If it has it, see that the instrumentation of its messaging library is on, and that nothing between drops message headers.",
        "",
        Propagators);

    private static BreakCause NotContinued(LostLink link, ServiceRow callee) => new(
        BreakCodes.ContextNotContinued,
        $"{callee.Name} does not continue the trace of {link.Caller.Name}",
        (link.CallerIsHeard, link.Facts.Continued > 0) switch
        {
            (true, false) => $"{callee.Name} begins a trace of its own for each request. {link.Caller.Name} does send the context: others continue it.",
            (true, true) => $"{callee.Name} continues what others send, and others continue what {link.Caller.Name} sends: the two do not share a propagation format, or something between them drops the header.",
            _ => $"{callee.Name} begins a trace of its own for each request. Whether {link.Caller.Name} sends the context cannot be told: nobody else is seen to continue it.",
        },
        Begins(link),
        $"Start {callee.Name} with the variable below: its propagators must read the W3C header traceparent. If it has it, look for a proxy between the two that drops that header.",
        "",
        Propagators);

    private static BreakCause NotSent(LostLink link, ServiceRow callee) => new(
        BreakCodes.ContextNotSent,
        $"{link.Caller.Name} sends {callee.Name} no context",
        $"{callee.Name} continues what others send; nobody continues what {link.Caller.Name} sends.",
        Begins(link),
        $"Start {link.Caller.Name} with the variable below: its propagators must write the W3C header traceparent. If it has it, see that the instrumentation of its client library is on.",
        "",
        Propagators);

    private static BreakCause Missing(LostLink link, ServiceRow callee) => new(
        BreakCodes.SpansMissing,
        $"Spans of {callee.Name} do not come",
        $"{callee.Name} begins no traces of its own, and its spans of these requests never came: they are dropped at their source by sampling, lost by its exporter, or sent elsewhere.",
        $"{Count(link.Facts.Calls)} inbound spans of it came within the hour, {Count(link.Calls)} calls were made.",
        $"Let {callee.Name} send all its spans (OTEL_TRACES_SAMPLER=always_on: the gateway samples, after it has counted), and look for \"dropped\" in its log.",
        "",
        "OTEL_TRACES_SAMPLER=always_on");

    private static BreakCause Nobody(LostLink link) => new(
        BreakCodes.SpansMissing,
        $"Nobody answers at {link.Called[0].Address}",
        "Some calls are continued by a service, others by nobody: one of those behind this name sends no spans.",
        "",
        "See which instances stand behind this name, and instrument those that send nothing.",
        "",
        "");

    private static string Blamed(LostLink link, ServiceRow callee) => link.CallerIsHeard || link.Facts.Continued == 0 ? callee.Name : link.Caller.Name;

    private static string Begins(LostLink link) =>
        $"{Count(link.Facts.Begun)} requests began a trace there within the hour{(link.Facts.BegunBy is [var first, ..] ? $", most of them {first}" : "")}.";

    private static string Count(ulong count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Age(TimeSpan age) => age.TotalMinutes < 120 ? $"{age.TotalMinutes:0} min" : $"{age.TotalHours:0} h";
}

/// <summary>See <see cref="BreakRow"/>.</summary>
internal sealed record BreakCause(string Code, string Title, string Cause, string Evidence, string Fix, string Method, string Command);
