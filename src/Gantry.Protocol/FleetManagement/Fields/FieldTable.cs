using System.Text.Json;

namespace Gantry.Protocol.FleetManagement.Fields;

/// <summary>The fields of a message, in the order in which they are written.</summary>
internal sealed class FieldTable<T>
{
    private readonly MessageField<T>?[] _byNumber;

    public FieldTable(params MessageField<T>[] fields)
    {
        All = fields;
        _byNumber = new MessageField<T>?[fields.Select(field => field.Number + 1).DefaultIfEmpty().Max()];
        foreach (var field in fields)
        {
            _byNumber[field.Number] = field;
        }
    }

    public MessageField<T>[] All { get; }

    public MessageField<T>? Find(int number) => number < _byNumber.Length ? _byNumber[number] : null;

    /// <summary>By either spelling of its name.</summary>
    public MessageField<T>? Find(JsonProperty property) => Array.Find(All, field => property.NameEquals(field.JsonName) || property.NameEquals(field.Name));
}
