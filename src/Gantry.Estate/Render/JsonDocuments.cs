using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gantry.Estate.Render;

/// <summary>JSON documents of others: read whole, changed in places, written with all else as it was.</summary>
internal static class JsonDocuments
{
    private const int Longest = 1024 * 1024;

    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>Null when it is no JSON object; the log says why.</returns>
    public static JsonObject? Read(string text, string what, RenderLog log)
    {
        if (text.Length > Longest)
        {
            log.Problem($"The {what} is longer than {Longest} characters.");
            return null;
        }

        try
        {
            // A name that is there twice would be read in one way here and in another there.
            if (JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is JsonObject root)
            {
                return root;
            }

            log.Problem($"The {what} is no JSON object.");
        }
        catch (JsonException exception)
        {
            log.Problem($"The {what} is no JSON: {exception.Message}");
        }

        return null;
    }

    public static string Write(JsonNode node)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            node.WriteTo(json);
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length) + "\n";
    }

    /// <returns>"" for what is no text.</returns>
    public static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    /// <summary>The list of that name, made where there is none.</summary>
    /// <returns>Null when something else stands there; the log says so.</returns>
    public static JsonArray? List(JsonObject owner, string name, string path, RenderLog log)
    {
        switch (owner[name])
        {
            case JsonArray list when list.All(item => item is JsonObject):
                return list;
            case null:
                var made = new JsonArray();
                owner[name] = made;
                return made;
            default:
                log.Problem($"{path}.{name} is no list of objects.");
                return null;
        }
    }

    public static JsonObject? Find(JsonArray list, string key, string value) => list.OfType<JsonObject>().FirstOrDefault(item => Text(item[key]) == value);

    public static JsonArray Strings(params IEnumerable<string> texts)
    {
        var list = new JsonArray();
        foreach (var text in texts)
        {
            list.Add((JsonNode?)JsonValue.Create(text));
        }

        return list;
    }
}
