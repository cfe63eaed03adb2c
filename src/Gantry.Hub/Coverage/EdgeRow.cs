namespace Gantry.Hub.Coverage;

/// <summary>One end of an edge.</summary>
/// <param name="Id">The service's id; else an id of its own, which is no row elsewhere.</param>
/// <param name="Type">"service", "database", "queue", "rpc" or "address".</param>
/// <param name="System">"mysql", "kafka", "grpc"; else "".</param>
/// <param name="ServiceId">The row in the list of services; null when none is known to be this.</param>
public sealed record EdgeNode(string Id, string Name, string Type, string System, string? ServiceId);

/// <summary>Rate, errors and duration of an edge, as the caller saw them, over the last five minutes (less for a younger edge).</summary>
/// <param name="Rate">Calls a second.</param>
/// <param name="ErrorShare">0 to 1.</param>
/// <param name="P50">Seconds.</param>
public sealed record EdgeRed(double Rate, double ErrorShare, double? P50, double? P95);

/// <summary>Who calls whom: one row for each two.</summary>
/// <param name="Told">What the caller's spans call the callee: names and addresses.</param>
/// <param name="JoinedBy">The rules that say who the callee is, in words; "" for a name or address that no service is known to have.</param>
/// <param name="Open">Why it is joined with no service; "" when it is, or when it need not be.</param>
/// <param name="Candidates">Services that it may be, when there is more than one.</param>
/// <param name="Traced">When a trace last joined the two; null when none did within a day.</param>
/// <param name="Red">Null when nothing was called within five minutes.</param>
/// <param name="Calls">Of the last hour.</param>
/// <param name="Failed">Of <paramref name="Calls"/>.</param>
public sealed record EdgeRow(
    string Id,
    EdgeNode Caller,
    EdgeNode Callee,
    IReadOnlyList<string> Told,
    string JoinedBy,
    string Open,
    IReadOnlyList<string> Candidates,
    DateTimeOffset? Traced,
    EdgeRed? Red,
    ulong Calls,
    ulong Failed,
    DateTimeOffset LastSeen);

/// <summary>Something wrong with what a service sends.</summary>
/// <param name="Severity">"high", "medium" or "low".</param>
/// <param name="Title">The code in words.</param>
/// <param name="Setting">The setting or command that puts it right; "" where there is none.</param>
/// <param name="Count">Spans, or resources for what is missing in a resource; of all gateways since <paramref name="FirstSeen"/>.</param>
public sealed record FindingRow(
    string Id,
    string Severity,
    string ServiceId,
    string Service,
    string Namespace,
    string Environment,
    string Code,
    string Title,
    string Why,
    string Fix,
    string Setting,
    ulong Count,
    string Example,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen);

/// <summary>A service with all that the hub knows of it.</summary>
public sealed record ServiceDetail : ServiceRow
{
    public ServiceDetail(ServiceRow row, EstateSnapshot estate)
        : base(row)
    {
        Calls = [.. estate.Edges.Where(edge => edge.Caller.ServiceId == row.Id)];
        CalledBy = [.. estate.Edges.Where(edge => edge.Callee.ServiceId == row.Id)];
        Findings = [.. estate.Findings.Where(finding => finding.ServiceId == row.Id)];
    }

    public IReadOnlyList<EdgeRow> Calls { get; }

    public IReadOnlyList<EdgeRow> CalledBy { get; }

    public IReadOnlyList<FindingRow> Findings { get; }
}
