using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.FleetManagement;

/// <summary>The enums of the contract with the names that they have in JSON.</summary>
internal static class EnumKinds
{
    public static EnumKind<RemoteConfigStatuses> RemoteConfigStatuses { get; } = new(
        static value => (int)value, static number => (FleetManagement.RemoteConfigStatuses)number, "RemoteConfigStatuses_UNSET", "RemoteConfigStatuses_APPLIED", "RemoteConfigStatuses_APPLYING", "RemoteConfigStatuses_FAILED");

    public static EnumKind<CollectorType> CollectorType { get; } = new(
        static value => (int)value, static number => (FleetManagement.CollectorType)number, "COLLECTOR_TYPE_UNSPECIFIED", "COLLECTOR_TYPE_ALLOY", "COLLECTOR_TYPE_OTEL");

    public static EnumKind<OperationType> OperationType { get; } = new(
        static value => (int)value, static number => (FleetManagement.OperationType)number, "UNKNOWN", "ADD", "REMOVE", "REPLACE", "MOVE", "COPY");

    public static EnumKind<ConfigType> ConfigType { get; } = new(
        static value => (int)value, static number => (FleetManagement.ConfigType)number, "CONFIG_TYPE_UNSPECIFIED", "CONFIG_TYPE_ALLOY", "CONFIG_TYPE_OTEL");

    public static EnumKind<SourceType> SourceType { get; } = new(
        static value => (int)value, static number => (FleetManagement.SourceType)number, "SOURCE_TYPE_UNSPECIFIED", "SOURCE_TYPE_GIT", "SOURCE_TYPE_TERRAFORM", "SOURCE_TYPE_GRAFANA");

    public static EnumKind<RevisionOperation> RevisionOperation { get; } = new(
        static value => (int)value, static number => (FleetManagement.RevisionOperation)number, "UNSPECIFIED", "INSERT", "UPDATE", "DELETE");
}
