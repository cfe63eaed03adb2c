namespace Gantry.Estate.Resources;

/// <summary>
/// A piece of a resource document with the place where it stands, whatever syntax (YAML or JSON) it was written in. What parses text makes these;
/// what reads a kind's spec sees nothing else, so that it needs no YAML library.
/// </summary>
/// <param name="line">From 1.</param>
/// <param name="column">From 1.</param>
public abstract class Node(int line, int column)
{
    public int Line { get; } = line;

    public int Column { get; } = column;

    /// <summary>What it is, for a person who wrote another thing there.</summary>
    public abstract string Word { get; }

    /// <summary>Its value in a message; lists and mappings are too long to repeat.</summary>
    public virtual string Shown => Word;
}

/// <summary>Text, a number, a truth value or nothing.</summary>
/// <param name="quoted">Written in quotes or as a block: then it is text whatever it looks like.</param>
/// <param name="indent">Blanks before each line of a block; -1 for what is no block.</param>
public sealed class ScalarNode(string text, bool quoted, int line, int column, int indent = -1) : Node(line, column)
{
    public string Text { get; } = text;

    public bool IsQuoted => quoted;

    /// <summary>Written as a block (|), so that every line of <see cref="Text"/> is a line of the document.</summary>
    public bool IsBlock => indent >= 0;

    /// <summary>Where a place inside the text stands in the document. Where the text is no block, its lines cannot be told apart: then it is where the text begins.</summary>
    /// <param name="line">From 1, of the text.</param>
    /// <param name="column">From 1.</param>
    public (int Line, int Column) PlaceOf(int line, int column) => IsBlock ? (Line + line, column + indent) : line == 1 && quoted ? (Line, Column + column) : (Line, Column);

    public bool IsNull => !quoted && Text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>The core schema of YAML 1.2, and JSON, read it as something other than text.</summary>
    public bool IsText => quoted || !(IsNull || IsNumber || Text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE");

    public bool IsNumber => !quoted && Text.Length > 0 && (char.IsAsciiDigit(Text[0]) || Text[0] is '-' or '+' or '.')
        && double.TryParse(Text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _);

    public override string Word => IsNull ? "nothing" : IsText ? "text" : IsNumber ? "a number" : "a truth value";

    public override string Shown => Text;
}

/// <summary>Fields in the order in which they were written; a name may be there twice, which whoever reads it reports.</summary>
public sealed class MappingNode(IReadOnlyList<MappingField> fields, int line, int column) : Node(line, column)
{
    public IReadOnlyList<MappingField> Fields { get; } = fields;

    public override string Word => "a mapping";
}

public sealed record MappingField(ScalarNode Key, Node Value);

public sealed class ListNode(IReadOnlyList<Node> items, int line, int column) : Node(line, column)
{
    public IReadOnlyList<Node> Items { get; } = items;

    public override string Word => "a list";
}
