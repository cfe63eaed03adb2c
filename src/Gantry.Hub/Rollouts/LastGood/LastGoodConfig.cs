using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Gantry.Estate.Agents;
using Gantry.Estate.Configurations;

namespace Gantry.Hub.Rollouts.LastGood;

/// <summary>What agents of a cohort were given last, as bytes: it can be given again where the resources behind it can no longer be read.</summary>
/// <param name="Number">Of the revision.</param>
/// <param name="IsWhole">Made of all that the estate said; else some pipelines were left out.</param>
/// <param name="IsNothing">As <see cref="Assignment.IsNothing"/>.</param>
internal sealed record LastGoodConfig(string Cohort, string Recipe, long Number, bool IsWhole, bool IsNothing, CompiledConfig Config)
{
    public Assignment ToAssignment() => new(Cohort, Number, Config, IsNothing);

    /// <summary>Files and origins as deflated JSON: collector YAML says the same words often.</summary>
    public byte[] Pack()
    {
        using var buffer = new MemoryStream();
        using (var deflate = new DeflateStream(buffer, CompressionLevel.Fastest))
        {
            var files = Config.Files.Select(file => new PackedFile(file.Name, file.ContentType, Encoding.UTF8.GetString(file.Body.Span)));
            JsonSerializer.Serialize(deflate, new Packed(Config.Kind, [.. files], Config.Origins));
        }

        return buffer.ToArray();
    }

    /// <returns>Null where the bytes are not those that the hash was made of.</returns>
    public static CompiledConfig? Unpack(byte[] body, string hash)
    {
        try
        {
            using var deflate = new DeflateStream(new MemoryStream(body), CompressionMode.Decompress);
            if (JsonSerializer.Deserialize<Packed>(deflate) is not { Files: { Count: > 0 } packed } read)
            {
                return null;
            }

            var files = packed.Select(file => new ConfigFile(file.Name, file.ContentType, Encoding.UTF8.GetBytes(file.Text))).ToList();
            return ConfigCompiler.HashOf(files) == hash ? new CompiledConfig(hash, read.Kind, files, read.Origins ?? []) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            return null;
        }
    }

    private sealed record Packed(AgentKind Kind, IReadOnlyList<PackedFile> Files, IReadOnlyList<ConfigOrigin> Origins);

    private sealed record PackedFile(string Name, string ContentType, string Text);
}
