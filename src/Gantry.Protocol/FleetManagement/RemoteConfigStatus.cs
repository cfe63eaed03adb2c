using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.FleetManagement;

/// <summary>What became of the last configuration.</summary>
public enum RemoteConfigStatuses
{
    Unset = 0,
    Applied = 1,
    Applying = 2,
    Failed = 3,
}

/// <summary>Unlike OpAMP's it has no hash: the request's own says which configuration is meant.</summary>
public sealed class RemoteConfigStatus : FieldedMessage<RemoteConfigStatus>
{
    private static readonly FieldTable<RemoteConfigStatus> Table = new(
        Field.Enum<RemoteConfigStatus, RemoteConfigStatuses>(1, "status", EnumKinds.RemoteConfigStatuses, static message => message.Status, static (message, value) => message.Status = value),
        Field.Text<RemoteConfigStatus>(2, "error_message", static message => message.ErrorMessage, static (message, value) => message.ErrorMessage = value));

    public RemoteConfigStatuses Status { get; set; }

    /// <summary>With FAILED: diagnostics of the configuration, or why the hub was not reached.</summary>
    public string ErrorMessage { get; set; } = "";

    private protected override FieldTable<RemoteConfigStatus> Fields => Table;
}
