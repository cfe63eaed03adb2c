using Gantry.Hub.Journeys;

namespace Gantry.Cli.Demo.Gaps;

/// <summary>One of the three places where the demo's journey loses its trace.</summary>
/// <param name="Code">What a break there has to be called.</param>
/// <param name="From">The service that calls, or puts into the queue.</param>
/// <param name="Service">The service to blame, which the fix is for.</param>
/// <param name="Queue">"" for a call.</param>
/// <param name="How">What was done to it, for the reader.</param>
internal sealed record PlantedGap(string Code, string From, string Service, string Queue, string How)
{
    /// <summary>What it takes to make a Node.js service deaf to traceparent: a format that nobody else in the shop speaks.</summary>
    public static readonly KeyValuePair<string, string> Deaf = new("OTEL_PROPAGATORS", "b3");

    public static IReadOnlyList<PlantedGap> All { get; } =
    [
        new("context-not-continued", "storefront", "catalog", "", $"{Deaf.Key}={Deaf.Value}: it reads no traceparent, and begins a trace of its own"),
        new("hop-dark", "storefront", "payments", "", "no telemetry, between two services that have it"),
        new("queue-loses-context", "storefront", "fulfilment", "orders", $"{Deaf.Key}={Deaf.Value}: it takes orders from the queue, and begins a trace of its own for each"),
    ];

    /// <summary>A dark service has the name of its process, "payments.dll", until it says another.</summary>
    public bool Is(BreakRow row) =>
        row.Code == Code && row.From.Name == From && row.Queue == Queue && (row.To.Name == Service || row.To.Name.StartsWith(Service + ".", StringComparison.Ordinal));

    /// <summary>The one environment variable that the hub advises, "OTEL_X=value"; null when it advises none. Nothing but OpenTelemetry's own is set on its word.</summary>
    public static KeyValuePair<string, string>? Advised(BreakRow? row) =>
        row?.Command.Split('=', 2) is [var name, { Length: > 0 } value] && name.StartsWith("OTEL_", StringComparison.Ordinal) && name.All(c => char.IsAsciiLetterUpper(c) || c == '_') ? new(name, value) : null;

    public override string ToString() => $"{From} → {(Queue.Length > 0 ? $"{Queue} → " : "")}{Service}";
}
