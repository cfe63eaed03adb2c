using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gantry.Estate.Secrets;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gantry.Hub.Secrets;

/// <summary>
/// YAML, and JSON as a part of it, without secrets. Walks the parser's events, never a tree, and replaces values where they stand in the text; the rest,
/// comments and order included, stays.
/// </summary>
internal static class YamlSecrets
{
    /// <returns>Null when it is no YAML of mappings: a text that is one scalar may be anything.</returns>
    public static string? Redact(string text)
    {
        var walk = new YamlWalk();
        try
        {
            var parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
            while (parser.MoveNext())
            {
                if (!walk.Take(parser.Current!))
                {
                    return null;
                }
            }
        }
        catch (YamlException)
        {
            return null;
        }

        return Replace(text, walk.Finish());
    }

    private static string Replace(string text, IReadOnlyList<YamlValue> values)
    {
        var output = new StringBuilder(text.Length);
        var at = 0;
        foreach (var value in values)
        {
            var (begin, end) = ((int)value.Begin, (int)value.End);
            if (begin < at || end > text.Length)
            {
                continue;
            }

            while (end > begin && char.IsWhiteSpace(text[end - 1]))
            {
                end--;
            }

            // Between values stand marks and comments only.
            output.Append(Comments(text[at..begin]));
            output.Append(value.IsSame ? text[begin..end] : value.Prefix + Quoted(value.Redacted!));
            at = end;
        }

        return output.Append(Comments(text[at..])).ToString();
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private static string Comments(string between)
    {
        var mark = between.IndexOf('#', StringComparison.Ordinal);
        return mark < 0 ? between : between[..mark] + string.Join('\n', between[mark..].Split('\n').Select(SecretValues.OfText));
    }
}

/// <summary>A scalar of the text, and what it becomes.</summary>
internal sealed class YamlValue(long begin, long end, string text, string prefix)
{
    public long Begin => begin;

    public long End => end;

    public string Text => text;

    /// <summary>Its anchor, which aliases need.</summary>
    public string Prefix => prefix;

    /// <summary>Null: as it is.</summary>
    public string? Redacted { get; set; }

    public bool IsSame => Redacted is null || Redacted == text;
}
