using Gantry.Estate.Resources;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gantry.Hub.Estate;

/// <summary>
/// Text, YAML or JSON, to resource documents. Uses the parser's events only: no type is chosen by the text, aliases and tags are refused (an alias is how
/// a small file becomes a large one), and each value keeps its place for the messages.
/// </summary>
public static class ResourceText
{
    private const int Deepest = 16;

    private const int MostDocuments = 1000;

    /// <summary>Reads every document of a text; what is wrong is added to <paramref name="problems"/>, and what is sound comes back all the same.</summary>
    public static IReadOnlyList<ResourceDocument> Read(string text, ResourceProblems problems)
    {
        if (text.Length > ResourceDocument.LongestText)
        {
            problems.Add(1, 1, "", "", $"is longer than {ResourceDocument.LongestText} characters; cut it into several files");
            return [];
        }

        var documents = new List<ResourceDocument>();
        try
        {
            foreach (var (root, part) in Roots(text, problems))
            {
                if (ResourceDocument.Read(root, part, problems) is { } document)
                {
                    documents.Add(document);
                }
            }
        }
        catch (YamlException exception)
        {
            // A tab is reported at the beginning of the mapping that it breaks.
            var tab = exception.Message.Contains("tab as indentation", StringComparison.Ordinal) ? LineOfTab(text) : 0;
            problems.Add(
                tab > 0 ? tab : (int)exception.Start.Line, tab > 0 ? 1 : (int)exception.Start.Column, "", "", $"is neither YAML nor JSON: {(exception.InnerException ?? exception).Message}");
        }

        return documents;
    }

    /// <summary>From 1; 0 without one.</summary>
    private static int LineOfTab(string text) => Array.FindIndex(text.Split('\n'), line => line.TrimStart(' ').StartsWith('\t')) + 1;

    /// <summary>Documents that hold something, each with its own text.</summary>
    private static IEnumerable<(Node Root, string Text)> Roots(string text, ResourceProblems problems)
    {
        var parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        parser.MoveNext();
        parser.MoveNext();
        var (begin, count) = (0, 0);
        while (parser.Current is DocumentStart start)
        {
            if (++count > MostDocuments)
            {
                problems.Add((int)start.Start.Line, 1, "", "", $"has more than {MostDocuments} documents; cut it into several files");
                yield break;
            }

            parser.MoveNext();
            var root = Build(parser, problems, 0);
            var end = (DocumentEnd)parser.Current!;
            var marker = start.IsImplicit ? begin : (int)start.Start.Index;
            var part = string.Concat(text.AsSpan(begin, marker - begin), text.AsSpan(marker + (start.IsImplicit ? 0 : 3), (int)end.End.Index - marker - (start.IsImplicit ? 0 : 3)));
            begin = (int)end.End.Index;
            parser.MoveNext();
            if (root is not ScalarNode { IsNull: true })
            {
                yield return (root, Trim(part));
            }
        }
    }

    private static string Trim(string part)
    {
        var text = part.Trim();
        return (text.EndsWith("\n...", StringComparison.Ordinal) ? text[..^4].TrimEnd() : text) + "\n";
    }

    /// <summary>The node at the parser's place; leaves the parser behind it.</summary>
    private static Node Build(Parser parser, ResourceProblems problems, int depth)
    {
        var at = parser.Current!;
        var (line, column) = ((int)at.Start.Line, (int)at.Start.Column);
        if (depth > Deepest)
        {
            throw new YamlException(at.Start, at.End, $"more than {Deepest} levels inside one another");
        }

        if (at is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias)
        {
            problems.Add(line, column, "", "", "anchors (&) and aliases (*) are not read; write the value out, and text that begins with & or * in quotes");
        }
        else if (at is NodeEvent { Tag.IsEmpty: false } tagged)
        {
            problems.Add(line, column, "", tagged.Tag.ToString(), "tags (!) are not read; leave it out");
        }

        switch (at)
        {
            case MappingStart:
                return BuildMapping(parser, problems, depth, line, column);
            case SequenceStart:
                parser.MoveNext();
                var items = new List<Node>();
                while (parser.Current is not SequenceEnd)
                {
                    items.Add(Build(parser, problems, depth + 1));
                }

                parser.MoveNext();
                return new ListNode(items, line, column);
            default:
                parser.MoveNext();
                return at is Scalar scalar
                    ? new ScalarNode(scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any), line, column)
                    : new ScalarNode("", quoted: true, line, column);
        }
    }

    private static MappingNode BuildMapping(Parser parser, ResourceProblems problems, int depth, int line, int column)
    {
        parser.MoveNext();
        var fields = new List<MappingField>();
        while (parser.Current is not MappingEnd)
        {
            var key = Build(parser, problems, depth + 1);
            var value = Build(parser, problems, depth + 1);
            if (key is ScalarNode name)
            {
                fields.Add(new MappingField(name, value));
            }
            else
            {
                problems.Add(key, "", $"expected a name before ':', this is {key.Word}");
            }
        }

        parser.MoveNext();
        return new MappingNode(fields, line, column);
    }
}
