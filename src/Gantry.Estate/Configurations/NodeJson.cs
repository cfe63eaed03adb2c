using System.Text.Json;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Configurations;

/// <summary>Settings as JSON, for an agent that reads no YAML, and back. Numbers and truth values stay what they are.</summary>
internal static class NodeJson
{
    public static void Write(Utf8JsonWriter json, Node node)
    {
        switch (node)
        {
            case MappingNode mapping:
                json.WriteStartObject();
                foreach (var (key, value) in mapping.Fields)
                {
                    json.WritePropertyName(key.Text);
                    Write(json, value);
                }

                json.WriteEndObject();
                break;
            case ListNode list:
                json.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case ScalarNode { IsNull: true }:
                json.WriteNullValue();
                break;
            case ScalarNode { IsText: true } text:
                json.WriteStringValue(text.Text);
                break;
            case ScalarNode { IsNumber: true } number when IsJson(number.Text):
                json.WriteRawValue(number.Text);
                break;
            case ScalarNode scalar:
                // .5 and +1 are numbers of YAML that JSON does not have; what is left is a truth value.
                json.WriteRawValue(scalar.IsNumber ? double.Parse(scalar.Text, System.Globalization.CultureInfo.InvariantCulture).ToString("R", System.Globalization.CultureInfo.InvariantCulture) : scalar.Text.ToLowerInvariant());
                break;
        }
    }

    public static Node Read(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => Nodes.Mapping(element.EnumerateObject().Select(field => (field.Name, Read(field.Value)))),
        JsonValueKind.Array => new ListNode([.. element.EnumerateArray().Select(Read)], 0, 0),
        JsonValueKind.String => Nodes.Quoted(element.GetString()!),
        JsonValueKind.Null => Nodes.Nothing,
        _ => Nodes.Text(element.GetRawText()),
    };

    private static bool IsJson(string number)
    {
        var reader = new Utf8JsonReader(System.Text.Encoding.UTF8.GetBytes(number));
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
