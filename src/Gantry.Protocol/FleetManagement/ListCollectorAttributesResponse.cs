using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.FleetManagement;

/// <summary>Every attribute that there is, with its values.</summary>
public sealed class ListCollectorAttributesResponse : FieldedMessage<ListCollectorAttributesResponse>
{
    private static readonly FieldTable<ListCollectorAttributesResponse> Table = new(
        Field.MessageMap<ListCollectorAttributesResponse, AttributeValues>(1, "attributes", static message => message.Attributes),
        Field.MessageMap<ListCollectorAttributesResponse, AttributeValues>(2, "attribute_overrides", static message => message.AttributeOverrides),
        Field.MessageMap<ListCollectorAttributesResponse, AttributeValues>(3, "local_attributes", static message => message.LocalAttributes),
        Field.MessageMap<ListCollectorAttributesResponse, AttributeValues>(4, "remote_attributes", static message => message.RemoteAttributes));

    /// <summary>Deprecated name of <see cref="LocalAttributes"/>.</summary>
    public Dictionary<string, AttributeValues> Attributes { get; init; } = [];

    /// <summary>Deprecated name of <see cref="RemoteAttributes"/>.</summary>
    public Dictionary<string, AttributeValues> AttributeOverrides { get; init; } = [];

    public Dictionary<string, AttributeValues> LocalAttributes { get; init; } = [];

    public Dictionary<string, AttributeValues> RemoteAttributes { get; init; } = [];

    private protected override FieldTable<ListCollectorAttributesResponse> Fields => Table;
}

/// <summary>"Attributes" in the contract.</summary>
public sealed class AttributeValues : FieldedMessage<AttributeValues>
{
    private static readonly FieldTable<AttributeValues> Table = new(Field.Messages<AttributeValues, AttributeValue>(1, "values", static message => message.Values));

    public List<AttributeValue> Values { get; init; } = [];

    private protected override FieldTable<AttributeValues> Fields => Table;
}

/// <summary>"Value" in the contract.</summary>
public sealed class AttributeValue : FieldedMessage<AttributeValue>
{
    private static readonly FieldTable<AttributeValue> Table = new(Field.Text<AttributeValue>(1, "value", static message => message.Value, static (message, value) => message.Value = value));

    public string Value { get; set; } = "";

    private protected override FieldTable<AttributeValue> Fields => Table;
}
