using System.Text;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Configurations;

/// <summary>
/// Writes nodes as YAML in block style, two blanks a level: the same nodes give the same bytes. A scalar keeps its type: what was plain stays plain, what
/// was quoted stays text.
/// </summary>
internal static class YamlWriter
{
    public static string Write(MappingNode root)
    {
        var text = new StringBuilder();
        Mapping(text, root, 0);
        return text.ToString();
    }

    private static void Mapping(StringBuilder text, MappingNode mapping, int indent, bool inItem = false)
    {
        foreach (var (key, value) in mapping.Fields)
        {
            text.Append(' ', inItem ? 0 : indent).Append(Scalar(key, -1)).Append(':');
            inItem = false;
            Value(text, value, indent);
        }
    }

    private static void Value(StringBuilder text, Node value, int indent)
    {
        switch (value)
        {
            case MappingNode { Fields.Count: > 0 } mapping:
                text.Append('\n');
                Mapping(text, mapping, indent + 2);
                break;
            case ListNode { Items.Count: > 0 } list:
                text.Append('\n');
                List(text, list, indent + 2);
                break;
            case MappingNode:
                text.Append(" {}\n");
                break;
            case ListNode:
                text.Append(" []\n");
                break;
            case ScalarNode { IsNull: true }:
                text.Append('\n');
                break;
            case ScalarNode scalar:
                text.Append(' ').Append(Scalar(scalar, indent + 2)).Append('\n');
                break;
        }
    }

    private static void List(StringBuilder text, ListNode list, int indent)
    {
        foreach (var item in list.Items)
        {
            text.Append(' ', indent).Append('-');
            switch (item)
            {
                case MappingNode { Fields.Count: > 0 } mapping:
                    text.Append(' ');
                    Mapping(text, mapping, indent + 2, inItem: true);
                    break;
                case ListNode { Items.Count: > 0 } inner:
                    text.Append('\n');
                    List(text, inner, indent + 2);
                    break;
                case ScalarNode { IsNull: true }:
                    text.Append(" null\n");
                    break;
                default:
                    Value(text, item, indent);
                    break;
            }
        }
    }

    /// <param name="indent">Of a block's lines; -1 where none can stand.</param>
    private static string Scalar(ScalarNode scalar, int indent)
    {
        var value = scalar.Text;
        if (!scalar.IsQuoted && CanBePlain(value))
        {
            return value;
        }

        return indent >= 0 && value.Contains('\n') && CanBeBlock(value) ? Block(value, indent) : Quoted(value);
    }

    private static bool CanBePlain(string value) =>
        value.Length > 0 && !value.Any(char.IsControl) && !char.IsWhiteSpace(value[0]) && !char.IsWhiteSpace(value[^1]) && !"[]{},#&*!|>'\"%@`".Contains(value[0])
        && !(value[0] is '-' or '?' or ':' && (value.Length == 1 || value[1] == ' '))
        && !value.Contains(": ", StringComparison.Ordinal) && !value.Contains(" #", StringComparison.Ordinal) && value[^1] != ':' && value is not ("---" or "...");

    private static bool CanBeBlock(string value) =>
        value[0] is not (' ' or '\n') && value.All(c => c is '\n' or '\t' || !(char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' or '\u0085')) && value.TrimEnd('\n').Length > 0
        && !value.Split('\n').Any(line => line.Length > 0 && string.IsNullOrWhiteSpace(line));

    private static string Block(string value, int indent)
    {
        var lines = value.TrimEnd('\n').Split('\n');
        var ends = value.Length - value.TrimEnd('\n').Length;
        var text = new StringBuilder(ends switch { 0 => "|-", 1 => "|", _ => "|+" });
        foreach (var line in lines)
        {
            text.Append('\n');
            if (line.Length > 0)
            {
                text.Append(' ', indent).Append(line);
            }
        }

        return text.Append('\n', Math.Max(0, ends - 1)).ToString();
    }

    private static string Quoted(string value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append(@"\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                _ => char.IsControl(c) || c is '\u2028' or '\u2029' or '\uFEFF' ? text.Append($"\\u{(int)c:x4}") : text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }
}
