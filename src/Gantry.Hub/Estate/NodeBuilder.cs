using Gantry.Estate.Resources;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Gantry.Hub.Estate;

/// <summary>Makes nodes of events.</summary>
/// <param name="text">What is parsed: the indent of blocks is read from it.</param>
/// <param name="placeOf">From a place in the text to one in the document.</param>
internal sealed class NodeBuilder(YamlEvents parser, string text, Func<int, int, (int Line, int Column)> placeOf, ResourceProblems problems)
{
    private const int Deepest = 32;

    private int _depth;

    /// <summary>The node at the parser's place; leaves the parser behind it.</summary>
    public Node Build()
    {
        var at = parser.Need<ParsingEvent>();
        var (line, column) = placeOf((int)at.Start.Line, (int)at.Start.Column);
        if (_depth > Deepest)
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

        _depth++;
        var node = at switch
        {
            MappingStart => Mapping(line, column),
            SequenceStart => List(line, column),
            _ => Scalar(at, line, column),
        };
        _depth--;
        return node;
    }

    private Node Scalar(ParsingEvent at, int line, int column)
    {
        parser.MoveNext();
        return at is Scalar scalar
            ? new ScalarNode(scalar.Value, scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any), line, column, scalar.Style == ScalarStyle.Literal ? IndentOf(scalar) : -1)
            : new ScalarNode("", quoted: true, line, column);
    }

    private ListNode List(int line, int column)
    {
        parser.MoveNext();
        var items = new List<Node>();
        while (parser.Current is not SequenceEnd)
        {
            items.Add(Build());
        }

        parser.MoveNext();
        return new ListNode(items, line, column);
    }

    private MappingNode Mapping(int line, int column)
    {
        parser.MoveNext();
        var fields = new List<MappingField>();
        while (parser.Current is not MappingEnd)
        {
            var key = Build();
            var value = Build();
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

    /// <summary>Blanks before each line of a block: those of its first line that has something, less those that belong to the text.</summary>
    private int IndentOf(Scalar block)
    {
        var value = block.Value.AsSpan();
        var rest = text.AsSpan((int)block.Start.Index);
        for (var end = rest.IndexOf('\n'); end >= 0; end = rest.IndexOf('\n'))
        {
            rest = rest[(end + 1)..];
            var blanks = rest.Length - rest.TrimStart(' ').Length;
            if (blanks < rest.Length && rest[blanks] is not ('\n' or '\r'))
            {
                var own = value.TrimStart('\n');
                return Math.Max(0, blanks - (own.Length - own.TrimStart(' ').Length));
            }
        }

        return 0;
    }
}
