namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>What rows call a collector's kind and connection.</summary>
internal static class CollectorWords
{
    public const string Transport = "fleet-management";

    public static string Kind(CollectorKind kind) => kind == CollectorKind.Alloy ? "alloy" : "otelcol";

    public static string Connection(CollectorState collector) =>
        collector.LastSeen is null ? "never" : collector.Unregistered ? "unregistered" : collector.Inactive is not null ? "inactive" : "active";
}
