using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.FleetManagement;

/// <summary>Sent at each start and when the settings of <c>remotecfg</c> change.</summary>
public sealed class RegisterCollectorRequest : FieldedMessage<RegisterCollectorRequest>
{
    private static readonly FieldTable<RegisterCollectorRequest> Table = new(
        Field.Text<RegisterCollectorRequest>(1, "id", static message => message.Id, static (message, value) => message.Id = value),
        Field.TextMap<RegisterCollectorRequest>(2, "attributes", static message => message.Attributes),
        Field.Text<RegisterCollectorRequest>(3, "name", static message => message.Name, static (message, value) => message.Name = value),
        Field.TextMap<RegisterCollectorRequest>(4, "local_attributes", static message => message.LocalAttributes));

    public string Id { get; set; } = "";

    /// <summary>Deprecated: what Alloy before 1.7 sends in place of <see cref="LocalAttributes"/>.</summary>
    public Dictionary<string, string> Attributes { get; init; } = [];

    public string Name { get; set; } = "";

    public Dictionary<string, string> LocalAttributes { get; init; } = [];

    private protected override FieldTable<RegisterCollectorRequest> Fields => Table;
}
