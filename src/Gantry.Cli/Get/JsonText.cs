using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gantry.Cli.Get;

/// <summary>JSON of the API: written as it came, indented, or read as the hub's rows.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    // No HTML is written here, so "µ" and "'" may stay as they are; control characters are escaped all the same.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(TextWriter output, JsonElement element) => WriteWith(output, element.WriteTo);

    public static void WriteList(TextWriter output, IEnumerable<JsonElement> elements) => WriteWith(output, json =>
    {
        json.WriteStartArray();
        foreach (var element in elements)
        {
            element.WriteTo(json);
        }

        json.WriteEndArray();
    });

    /// <exception cref="CommandFailure">Another version's hub sends other rows.</exception>
    public static T Read<T>(JsonElement element)
    {
        try
        {
            return element.Deserialize<T>(Web) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new CommandFailure($"the hub's {typeof(T).Name} is not as this gantry knows it ({exception.Message}); use -o json, or the hub's own version of gantry");
        }
    }

    private static void WriteWith(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Indented))
        {
            write(json);
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }
}
