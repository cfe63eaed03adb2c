using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gantry.Protocol.FleetManagement.Fields;

namespace Gantry.Protocol.FleetManagement;

/// <summary>Messages as JSON text, in and out.</summary>
public static class ProtoJson
{
    /// <summary>As deep as binary messages may be.</summary>
    private const int Deepest = Wire.ProtoReader.MaxDepth;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = Deepest, AllowDuplicateProperties = false };

    // No browser reads this as HTML, and "<" in a pipeline stays readable.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>Null when the bytes are not such a message; <paramref name="error"/> names the field, what is there and what was expected.</returns>
    public static T? TryRead<T>(ReadOnlyMemory<byte> data, out string error)
        where T : class, IJsonMessage, new()
    {
        try
        {
            using var document = JsonDocument.Parse(data, Strict);
            var (message, reading) = (new T(), new JsonReading());
            message.ReadJson(document.RootElement, reading);
            error = reading.Error;
            return reading.Failed ? null : message;
        }
        catch (JsonException exception)
        {
            error = $"not JSON: {exception.Message}";
            return null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped in a name: it is JSON, and no text.
            error = "a name holds half a character";
            return null;
        }
    }

    public static void Write(IJsonMessage message, IBufferWriter<byte> target)
    {
        using var writer = new Utf8JsonWriter(target, Plain);
        message.WriteJson(writer);
    }
}
