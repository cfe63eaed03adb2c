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
    private const int MostDocuments = 20_000;

    /// <summary>Reads every document of a text; what is wrong is added to <paramref name="problems"/>, and what is sound comes back all the same.</summary>
    public static IReadOnlyList<ResourceDocument> Read(string text, ResourceProblems problems)
    {
        if (text.Length > ResourceDocument.LongestText)
        {
            problems.Add(1, 1, "", "", $"is longer than {ResourceDocument.LongestText} characters; cut it into several files");
            return [];
        }

        problems.ReadText ??= ReadInside;
        var documents = new List<ResourceDocument>();
        Each(text, problems, (root, part) =>
        {
            if (ResourceDocument.Read(root, part, problems) is { } document)
            {
                documents.Add(document);
            }
        });
        return documents;
    }

    /// <summary>Reads documents that are no resources: every one of a text, as nodes, as strictly as resources are read.</summary>
    public static IReadOnlyList<Node> ReadNodes(string text, ResourceProblems problems)
    {
        if (text.Length > ResourceDocument.LongestText)
        {
            problems.Add(1, 1, "", "", $"is longer than {ResourceDocument.LongestText} characters; cut it into several files");
            return [];
        }

        var nodes = new List<Node>();
        Each(text, problems, (root, _) => nodes.Add(root));
        return nodes;
    }

    private static void Each(string text, ResourceProblems problems, Action<Node, string> read)
    {
        try
        {
            foreach (var (root, part) in Roots(text, problems))
            {
                read(root, part);
            }
        }
        catch (YamlException exception)
        {
            var (line, column) = PlaceOf(exception, text);
            problems.Add(line, column, "", "", $"is neither YAML nor JSON: {Words(exception)}");
        }
    }

    /// <summary>Documents of another kind of file, with the same care; none, with the problem reported, where the text is neither YAML nor JSON.</summary>
    internal static IReadOnlyList<Node> Nodes(string text, ResourceProblems problems)
    {
        if (text.Length > ResourceDocument.LongestText)
        {
            problems.Add(1, 1, "", "", $"is longer than {ResourceDocument.LongestText} characters; cut it into several files");
            return [];
        }

        try
        {
            return [.. Roots(text, problems).Select(root => root.Root)];
        }
        catch (YamlException exception)
        {
            var (line, column) = PlaceOf(exception, text);
            problems.Add(line, column, "", "", $"is neither YAML nor JSON: {Words(exception)}");
            return [];
        }
    }

    /// <summary>YAML or JSON that stands as text inside a document.</summary>
    private static Node? ReadInside(ScalarNode text, ResourceProblems problems)
    {
        try
        {
            var parser = new YamlEvents(text.Text);
            if (parser.Current is not DocumentStart)
            {
                problems.Add(text.Line, text.Column, "", "", "is empty");
                return null;
            }

            parser.MoveNext();
            var root = new NodeBuilder(parser, text.Text, text.PlaceOf, problems).Build();
            parser.MoveNext();
            if (parser.Current is DocumentStart second)
            {
                var (line, column) = text.PlaceOf((int)second.Start.Line, (int)second.Start.Column);
                problems.Add(line, column, "", "", "is a second document; write one");
            }

            return root;
        }
        catch (YamlException exception)
        {
            var (inner, innerColumn) = PlaceOf(exception, text.Text);
            var (line, column) = text.PlaceOf(inner, innerColumn);
            problems.Add(line, column, "", "", $"is not YAML: {Words(exception)}{(text.IsBlock ? "" : $" (line {inner} of the text, column {innerColumn})")}");
            return null;
        }
    }

    /// <summary>A tab is reported at the beginning of the mapping that it breaks.</summary>
    private static (int Line, int Column) PlaceOf(YamlException exception, string text) =>
        exception.Message.Contains("tab as indentation", StringComparison.Ordinal) && LineOfTab(text) is > 0 and var tab ? (tab, 1) : ((int)exception.Start.Line, (int)exception.Start.Column);

    /// <summary>The parser's own words are in the inner exception, ours are not.</summary>
    private static string Words(YamlException exception) => (exception.InnerException is YamlException inner ? inner : exception).Message;

    /// <summary>From 1; 0 without one.</summary>
    private static int LineOfTab(string text) => Array.FindIndex(text.Split('\n'), line => line.TrimStart(' ').StartsWith('\t')) + 1;

    /// <summary>Documents that hold something, each with its own text.</summary>
    private static IEnumerable<(Node Root, string Text)> Roots(string text, ResourceProblems problems)
    {
        var parser = new YamlEvents(text);
        var (begin, count) = (0, 0);
        while (parser.Current is DocumentStart start)
        {
            if (++count > MostDocuments)
            {
                problems.Add((int)start.Start.Line, 1, "", "", $"has more than {MostDocuments} documents; cut it into several files");
                yield break;
            }

            parser.MoveNext();
            var root = new NodeBuilder(parser, text, static (line, column) => (line, column), problems).Build();
            var end = parser.Need<DocumentEnd>();
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
}
