using System.Buffers;
using System.Text.Json;

namespace Gantry.Agent.Apply;

/// <summary>One file of a change: what it was before, and what it is then. States are named by <see cref="FileState.Hash"/>, "" is none.</summary>
/// <param name="Original">What it was before the agent ever touched it.</param>
internal sealed record JournalEntry(string Path, string Original, string Before, string After);

/// <summary>A set of files that the agent has in its hands, in the order in which they are changed.</summary>
/// <param name="Number">Grows with each change.</param>
/// <param name="Folders">That the agent made, the outermost first.</param>
internal sealed record Journal(long Number, IReadOnlyList<JournalEntry> Entries, IReadOnlyList<string> Folders)
{
    public static readonly Journal Empty = new(0, [], []);

    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("number", Number);
            json.WriteStartArray("folders");
            foreach (var folder in Folders)
            {
                json.WriteStringValue(folder);
            }

            json.WriteEndArray();
            json.WriteStartArray("entries");
            foreach (var entry in Entries)
            {
                json.WriteStartObject();
                json.WriteString("path", entry.Path);
                json.WriteString("original", entry.Original);
                json.WriteString("before", entry.Before);
                json.WriteString("after", entry.After);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="ApplyException">It is none: somebody changed it.</exception>
    public static Journal Read(byte[] bytes, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var root = json.RootElement;
            return new Journal(
                root.GetProperty("number").GetInt64(),
                [.. root.GetProperty("entries").EnumerateArray().Select(entry => new JournalEntry(Text(entry, "path"), Text(entry, "original"), Text(entry, "before"), Text(entry, "after")))],
                [.. root.GetProperty("folders").EnumerateArray().Select(folder => folder.GetString() ?? "")]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new ApplyException($"{path} is not what the agent wrote ({e.Message}); restore it from a backup, or put the host's files right by hand and remove the folder");
        }
    }

    private static string Text(JsonElement entry, string name) => entry.GetProperty(name).GetString() ?? "";
}
