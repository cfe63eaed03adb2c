using Gantry.Protocol.Observations;

namespace Gantry.Hub.Quality;

/// <summary>What the hub finds out itself, beside what gateways tell (<see cref="QualityChecks"/>); most by the id of their rule.</summary>
internal static class Checks
{
    public const string UniqueInstance = "RES-002";

    public const string Runtime = "SDK-001";

    public const string Cardinality = "MET-001";

    public const string InternalSpans = "SPA-001";

    public const string Orphans = "SPA-002";

    public const string ClientRoots = "SPA-004";

    public const string ShortSpans = "SPA-005";

    /// <summary>It sends spans.</summary>
    public const string Traces = "traces";

    private static readonly HashSet<string> All =
    [
        QualityChecks.InstanceId, QualityChecks.PodUid, QualityChecks.ServiceName, QualityChecks.Level, QualityChecks.SpanLevel, QualityChecks.Severity, QualityChecks.Debug,
    ];

    /// <summary>A newer gateway may tell more, and a stranger anything: only these are kept.</summary>
    public static bool IsTold(string check) => All.Contains(check);
}
