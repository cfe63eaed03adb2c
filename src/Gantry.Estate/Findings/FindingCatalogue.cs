using Gantry.Protocol.Observations;

namespace Gantry.Estate.Findings;

/// <summary>All kinds of findings: the one place that says what each means and how it is put right. docs/findings.md repeats it, and a test holds it
/// to that.</summary>
public static class FindingCatalogue
{
    private const string ServiceName = "service.name";

    public static IReadOnlyList<FindingKind> All { get; } =
    [
        new(
            FindingCodes.InvalidIds, FindingSeverity.High, "Spans without a valid id",
            "A span whose trace_id or span_id is empty, all zeros or of the wrong length belongs to no trace: the gateway refuses it, and it is neither counted nor passed on.",
            "Look for code that makes spans or ids by hand, and for a converter from another format; let the SDK make the ids.",
            ""),
        new(
            FindingCodes.SampledAtSource, FindingSeverity.Medium, "Spans are sampled before they come here",
            "What was dropped at the source cannot be counted: rate, errors and duration are estimates, and rare errors may be missing.",
            "Move sampling to the gateway, which counts every span first: let the SDK send all of them.",
            "OTEL_TRACES_SAMPLER=always_on"),
        new(
            FindingCodes.TooManySeries, FindingSeverity.Medium, "More operations than a service may have",
            "What comes after the limit is counted in one overflow operation: totals stay exact, operations cannot be told apart.",
            "Take what changes with each request (ids, paths, queries) out of span names and into attributes.",
            ""),
        new(
            FindingCodes.EndsBeforeStart, FindingSeverity.Medium, "Spans end before they start",
            "Their duration counts as 0, which makes this service look faster than it is.",
            "Start and end come from different clocks: take both times of a span on one host, with a clock that is not set back meanwhile.",
            ""),
        new(
            FindingCodes.ClockAhead, FindingSeverity.Medium, "The clock is ahead",
            "Spans end in the gateway's future: in a trace, a call seems to come after what it called.",
            "Let the sender's host take its time from NTP; this says whether it does.",
            "timedatectl status"),
        new(
            FindingCodes.ClockBehind, FindingSeverity.Low, "Spans come long after they ended",
            "Either the sender's clock is behind, or the sender held its spans back: charts of the last minutes lack them.",
            "Let the sender's host take its time from NTP; if it does, look for a queue or a retry that holds spans back, such as a destination that was away.",
            "timedatectl status"),
        new(
            FindingCodes.FoldedOperations, FindingSeverity.Low, "Operation names have ids in them",
            "Each id would be an operation of its own. The gateway folds them into one name, by a rule that may fold too much or too little.",
            "Use the route template as span name (GET /users/{id}); an instrumentation of the web framework does so by itself.",
            ""),
        new(
            FindingCodes.MissingResourceAttribute, FindingSeverity.Low, "Resource attribute {example} is missing",
            "Without it, telemetry of this service cannot be told apart by it, or joined with what runs.",
            "Set {example} where the process is started, and restart it.",
            "OTEL_RESOURCE_ATTRIBUTES={example}=…"),
    ];

    private static FindingKind Nameless { get; } = new(
        FindingCodes.MissingResourceAttribute, FindingSeverity.Medium, "service.name is missing",
        "Services without a name all pass for one: their numbers are mixed.",
        "Set the name where the process is started, and restart it.",
        "OTEL_SERVICE_NAME=…");

    /// <summary>The kind of a finding with its example. A code that a newer gateway knows stands for itself.</summary>
    public static FindingKind Of(string code, string example)
    {
        if (code == FindingCodes.MissingResourceAttribute && example == ServiceName)
        {
            return Nameless;
        }

        var kind = All.FirstOrDefault(kind => kind.Code == code)
            ?? new FindingKind(code, FindingSeverity.Low, code, "A gateway of a newer version found this; this hub does not know what it means.", "See the documentation of that version.", "");
        return kind.For(example);
    }
}
