using System.Text.Json;

namespace Gantry.Protocol.FleetManagement.Fields;

/// <summary>A message in the JSON form of protobuf (https://protobuf.dev/programming-guides/json/): what clients of Connect may send instead of binary.</summary>
public interface IJsonMessage
{
    /// <summary>One JSON value; names in camelCase, what equals its default is left out.</summary>
    void WriteJson(Utf8JsonWriter writer);

    /// <summary>Takes the value; names in camelCase or snake_case, unknown ones are passed over. What is wrong is told to <paramref name="reading"/>.</summary>
    void ReadJson(JsonElement value, JsonReading reading);
}
