using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.FleetManagement;

/// <summary>As JSON Patch has them.</summary>
public enum OperationType
{
    Unknown = 0,
    Add = 1,
    Remove = 2,
    Replace = 3,
    Move = 4,
    Copy = 5,
}

/// <summary>One change of the remote attributes of collectors.</summary>
public sealed class Operation : FieldedMessage<Operation>
{
    private static readonly FieldTable<Operation> Table = new(
        Field.Enum<Operation, OperationType>(1, "op", EnumKinds.OperationType, static message => message.Op, static (message, value) => message.Op = value),
        Field.Text<Operation>(2, "path", static message => message.Path, static (message, value) => message.Path = value),
        Field.OptionalText<Operation>(3, "from", static message => message.From, static (message, value) => message.From = value),
        Field.OptionalText<Operation>(4, "value", static message => message.Value, static (message, value) => message.Value = value),
        Field.OptionalText<Operation>(5, "oldValue", static message => message.OldValue, static (message, value) => message.OldValue = value));

    public OperationType Op { get; set; }

    /// <summary>"remoteAttributes.team" or "/remote_attributes/team".</summary>
    public string Path { get; set; } = "";

    /// <summary>MOVE and COPY: the path to take the value from.</summary>
    public string? From { get; set; }

    /// <summary>ADD and REPLACE: the value. REMOVE: remove only this one.</summary>
    public string? Value { get; set; }

    /// <summary>REPLACE: only this one.</summary>
    public string? OldValue { get; set; }

    private protected override FieldTable<Operation> Fields => Table;
}
