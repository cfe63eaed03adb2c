using System.Text.Encodings.Web;
using System.Text.Json;
using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Configurations;

/// <summary>Configurations that are settings: of OBI, and of SDKs.</summary>
internal static class SettingsCompiler
{
    /// <summary>The key under which Elastic's distributions of OpenTelemetry take central configuration.</summary>
    private const string Elastic = "elastic";

    /// <summary>Settings named like the environment variables of the specification.</summary>
    private const string Environment = "otel";

    public static string Obi(IReadOnlyList<Pipeline> pipelines, OriginList origins) => ConfigCompiler.HeadOf(pipelines, "#")
        + YamlWriter.Write(SettingsMerge.Of([.. pipelines.Select(Source)], "", origins));

    /// <summary>
    /// A JSON object of texts, which is what Elastic's SDKs read, under "elastic"; settings that begin with OTEL_ under "otel". JSON has no comments: where
    /// nothing matches, the object is empty, which sets every setting back to what it was at the start.
    /// </summary>
    public static IReadOnlyList<ConfigFile> Sdk(IReadOnlyList<Pipeline> pipelines, OriginList origins)
    {
        var merged = SettingsMerge.Of([.. pipelines.Select(Source)], "", origins);
        var environment = merged.Fields.Where(field => field.Key.Text.StartsWith("OTEL_", StringComparison.Ordinal)).ToList();
        var files = new List<ConfigFile> { new(Elastic, "application/json", Json(merged.Fields.Except(environment))) };
        if (environment.Count > 0)
        {
            files.Add(new ConfigFile(Environment, "application/json", Json(environment)));
        }

        return files;
    }

    private static (string, MappingNode) Source(Pipeline pipeline) => (pipeline.Resource, ((SettingsContents)pipeline.Contents).Settings);

    private static byte[] Json(IEnumerable<MappingField> fields)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.Default }))
        {
            json.WriteStartObject();
            foreach (var (key, value) in fields)
            {
                json.WriteString(key.Text, ((ScalarNode)value).Text);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
