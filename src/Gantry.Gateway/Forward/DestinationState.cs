namespace Gantry.Gateway.Forward;

/// <summary>How a destination does, for reports and pages. Counters are since the gateway started.</summary>
/// <param name="Endpoint">Scheme, host and port.</param>
/// <param name="Problem">What keeps it from taking data now; null while it does.</param>
/// <param name="WaitingBytes">In its spool, or in memory for a best-effort destination.</param>
/// <param name="OldestAge">Of what waits; zero when nothing does.</param>
/// <param name="Sent">Requests that it accepted.</param>
/// <param name="Refused">Requests that it refused for good. Spooled ones were acknowledged before and are set aside.</param>
/// <param name="RejectedItems">Spans, points, records that it refused inside accepted requests.</param>
/// <param name="Lost">Requests given up: too old for the spool, or dropped where a best-effort destination did not keep up.</param>
/// <param name="CutBytes">Of the spool, found damaged; mostly half-written records of a crash, which nobody was told were safe.</param>
/// <param name="PossibleDuplicates">Requests that were sent again though the destination may have had them.</param>
internal sealed record DestinationState(
    string Name, string Endpoint, bool Required, Problem? Problem, long WaitingRequests, long WaitingBytes, TimeSpan OldestAge,
    long Sent, long Refused, long RejectedItems, long Lost, long CutBytes, long PossibleDuplicates);

/// <summary>What keeps a destination from accepting, in words that say nothing of its answers' content.</summary>
internal sealed record Problem(string Reason, DateTimeOffset Since);

/// <summary>What waits for a destination.</summary>
internal readonly record struct Waiting(long Requests, long Bytes, TimeSpan OldestAge);
