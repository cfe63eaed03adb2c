using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;
using Gantry.Protocol.FleetManagement;
using Model = Gantry.Estate.Pipelines.Pipeline;

namespace Gantry.Hub.FleetManagement.Pipelines;

/// <summary>Writes a pipeline of the contract as the resource document that it becomes: the same whether it came by this door or by another.</summary>
internal static class PipelineDocument
{
    private const int LongestSlug = 50;

    /// <summary>Name of the resource for a name of the contract, which may hold anything: the name itself where it can be one.</summary>
    public static string ResourceNameOf(string name)
    {
        if (ResourceDocument.NamePattern().IsMatch(name))
        {
            return name;
        }

        var slug = new StringBuilder();
        foreach (var c in name.ToLowerInvariant())
        {
            slug.Append(char.IsAsciiLetterOrDigit(c) || c == '.' ? c : '-');
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
        var text = slug.ToString(0, Math.Min(slug.Length, LongestSlug)).Trim('-', '.');
        return text.Length == 0 ? $"pipeline-{hash}" : $"{text}-{hash}";
    }

    /// <summary>Also says where the contents begin: a line of them is that many lines further down; 0 where they are no block.</summary>
    /// <param name="before">What there is: labels, priority and the order of processors, which the contract has no words for, stay.</param>
    public static (string Text, int ContentsLine) Write(string resourceName, Pipeline pipeline, StoredResource? before)
    {
        var model = before?.Document?.Model as Model;
        var text = new StringBuilder();
        if (pipeline.Metadata is { Values.Count: > 0 } metadata)
        {
            text.Append(PipelineParts.MetadataComment).Append(Json(metadata)).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"apiVersion: {ResourceDocument.ApiVersion}\nkind: Pipeline\nmetadata:\n  name: {Quoted(resourceName)}\n");
        if (before?.Document is { Labels.Count: > 0 } labelled)
        {
            text.Append("  labels:\n");
            foreach (var (key, value) in labelled.Labels)
            {
                text.Append(CultureInfo.InvariantCulture, $"    {Quoted(key)}: {Quoted(value)}\n");
            }
        }

        text.Append(CultureInfo.InvariantCulture, $"spec:\n  type: {(pipeline.ConfigType == ConfigType.Otel ? "otelcol" : "alloy")}\n");
        if (pipeline.Name != resourceName)
        {
            text.Append(CultureInfo.InvariantCulture, $"  displayName: {Quoted(pipeline.Name)}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"  matchers: [{string.Join(", ", pipeline.Matchers.Select(Quoted))}]\n");
        if (model is { Priority: not 0 })
        {
            text.Append(CultureInfo.InvariantCulture, $"  priority: {model.Priority}\n");
        }

        if (model?.Contents is Gantry.Estate.Pipelines.CollectorContents { KeepsOrder: true } && pipeline.ConfigType == ConfigType.Otel)
        {
            text.Append("  processorOrder: asWritten\n");
        }

        var line = AppendContents(text, pipeline.Contents);
        // Last, so that newlines at the end of the contents are not the end of the document.
        text.Append(CultureInfo.InvariantCulture, $"  enabled: {(pipeline.Enabled ?? true ? "true" : "false")}\n");
        return (text.ToString(), line);
    }

    private static int AppendContents(StringBuilder text, string contents)
    {
        if (contents.Length == 0 || contents.Trim('\n', ' ').Length == 0 || !contents.All(IsPlain))
        {
            text.Append(CultureInfo.InvariantCulture, $"  contents: {Quoted(contents)}\n");
            return 0;
        }

        var line = text.ToString().Count(c => c == '\n') + 1;
        var ends = contents.Length - contents.TrimEnd('\n').Length;
        text.Append("  contents: |2").Append(ends switch { 0 => "-", 1 => "", _ => "+" }).Append('\n');
        foreach (var part in contents.TrimEnd('\n').Split('\n'))
        {
            text.Append(part.Length > 0 ? "    " : "").Append(part).Append('\n');
        }

        text.Append('\n', Math.Max(0, ends - 1));
        return line;
    }

    /// <summary>Neither a break of lines to some parser of YAML, nor something that it refuses.</summary>
    private static bool IsPlain(char c) => c is '\n' or '\t' or (>= ' ' and < '\u007F') or (>= '\u00A0' and not ('\u2028' or '\u2029' or '\uFEFF' or '\uFFFE' or '\uFFFF'));

    private static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                _ when IsPlain(c) => c.ToString(),
                _ => $"\\u{(int)c:X4}",
            });
        }

        return text.Append('"').ToString();
    }

    /// <summary>In one line, and in ASCII: whatever else might end a line for somebody is escaped.</summary>
    private static string Json(Struct metadata)
    {
        var target = new MemoryStream();
        using (var writer = new Utf8JsonWriter(target))
        {
            metadata.WriteJson(writer);
        }

        return Encoding.UTF8.GetString(target.GetBuffer(), 0, (int)target.Length);
    }
}
