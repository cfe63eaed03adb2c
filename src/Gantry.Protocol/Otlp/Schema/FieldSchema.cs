using System.Text;
using System.Text.Json;

namespace Gantry.Protocol.Otlp.Schema;

/// <summary>How a field is written on the wire, and in JSON where that differs.</summary>
public enum FieldKind
{
    String,
    Bytes,

    /// <summary>bytes on the wire; in OTLP's JSON hex instead of base64: trace and span ids.</summary>
    Id,
    Bool,

    /// <summary>int32, uint32 and enums: a varint. JSON enums are integers only.</summary>
    Int32,
    SInt32,
    Int64,
    UInt64,
    Fixed32,
    Fixed64,
    SFixed64,
    Double,
    Message,
}

/// <summary>One field of an OTLP message.</summary>
/// <param name="Name">As the .proto spells it; JSON wants it in lowerCamelCase.</param>
/// <param name="Message">The nested type, for <see cref="FieldKind.Message"/>.</param>
/// <param name="Repeated">Scalars are packed when written; both forms are read.</param>
/// <param name="Present">Written even when it holds the default: members of a oneof, and <c>optional</c> ones.</param>
public sealed record FieldSchema(int Number, string Name, FieldKind Kind, MessageSchema? Message = null, bool Repeated = false, bool Present = false)
{
    public byte[] JsonName { get; } = Encoding.UTF8.GetBytes(JsonNamingPolicy.CamelCase.ConvertName(Pascal(Name)));

    private static string Pascal(string snake) =>
        string.Concat(snake.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
}

/// <summary>A message type: its name for error texts, and its fields by number.</summary>
public sealed class MessageSchema(string name)
{
    private FieldSchema?[] _byNumber = [];

    public string Name { get; } = name;

    /// <summary>Set once, after construction, because messages refer to each other and to themselves.</summary>
    public FieldSchema[] Fields
    {
        get;
        internal set
        {
            field = value;
            _byNumber = new FieldSchema?[value.Max(item => item.Number) + 1];
            foreach (var item in value)
            {
                _byNumber[item.Number] = item;
            }
        }
    } = [];

    public FieldSchema? Find(int number) => (uint)number < (uint)_byNumber.Length ? _byNumber[number] : null;

    public FieldSchema? FindJson(ReadOnlySpan<byte> jsonName)
    {
        foreach (var item in Fields)
        {
            if (jsonName.SequenceEqual(item.JsonName))
            {
                return item;
            }
        }

        return null;
    }
}
