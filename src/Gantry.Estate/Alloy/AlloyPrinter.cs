using System.Text;

namespace Gantry.Estate.Alloy;

/// <summary>Writes Alloy syntax in one canonical form: tabs, one statement a line, no comments. Two texts that mean the same print the same.</summary>
public static class AlloyPrinter
{
    public static string Print(AlloyBody body)
    {
        var text = new StringBuilder();
        Body(text, body, 0);
        return text.ToString();
    }

    public static string Print(AlloyExpression expression, int indent = 0)
    {
        var text = new StringBuilder();
        Expression(text, expression, indent);
        return text.ToString();
    }

    /// <summary>Text in double quotes.</summary>
    public static string Quote(string value)
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
                _ => char.IsControl(c) ? text.Append($"\\u{(int)c:x4}") : text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }

    /// <summary>A name as Alloy takes it: other characters become '_'.</summary>
    public static string Identifier(string name)
    {
        var text = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? "_" + text : text;
    }

    private static void Body(StringBuilder text, AlloyBody body, int indent)
    {
        foreach (var statement in body.Statements)
        {
            text.Append('\t', indent).Append(statement.Name);
            switch (statement)
            {
                case AlloyAttribute attribute:
                    Expression(text.Append(" = "), attribute.Value, indent);
                    text.Append('\n');
                    break;
                case AlloyBlock block:
                    if (block.Label is { } label)
                    {
                        text.Append(' ').Append(Quote(label));
                    }

                    text.Append(" {");
                    if (block.Body.Statements.Count > 0)
                    {
                        text.Append('\n');
                        Body(text, block.Body, indent + 1);
                        text.Append('\t', indent);
                    }

                    text.Append("}\n");
                    break;
            }
        }
    }

    private static void Expression(StringBuilder text, AlloyExpression expression, int indent)
    {
        switch (expression)
        {
            case AlloyString value:
                text.Append(Quote(value.Value));
                break;
            case AlloyLiteral literal:
                text.Append(literal.Text);
                break;
            case AlloyName name:
                text.Append(name.Name);
                break;
            case AlloyAccess access:
                Expression(text, access.Target, indent);
                text.Append('.').Append(access.Name);
                break;
            case AlloyIndex index:
                Expression(text, index.Target, indent);
                Expression(text.Append('['), index.Key, indent);
                text.Append(']');
                break;
            case AlloyCall call:
                Expression(text, call.Target, indent);
                Items(text, "(", ")", call.Arguments, indent);
                break;
            case AlloyArray array:
                Items(text, "[", "]", array.Items, indent);
                break;
            case AlloyObject @object:
                Fields(text, @object, indent);
                break;
            case AlloyUnary { Operator: "(" } paren:
                Expression(text.Append('('), paren.Operand, indent);
                text.Append(')');
                break;
            case AlloyUnary unary:
                Expression(text.Append(unary.Operator), unary.Operand, indent);
                break;
            case AlloyBinary binary:
                Expression(text, binary.Left, indent);
                Expression(text.Append(' ').Append(binary.Operator).Append(' '), binary.Right, indent);
                break;
        }
    }

    private static void Items(StringBuilder text, string open, string close, IReadOnlyList<AlloyExpression> items, int indent)
    {
        text.Append(open);
        for (var i = 0; i < items.Count; i++)
        {
            Expression(i > 0 ? text.Append(", ") : text, items[i], indent);
        }

        text.Append(close);
    }

    private static void Fields(StringBuilder text, AlloyObject @object, int indent)
    {
        if (@object.Fields.Count == 0)
        {
            text.Append("{}");
            return;
        }

        text.Append("{\n");
        foreach (var (key, value) in @object.Fields)
        {
            Expression(text.Append('\t', indent + 1).Append(Quote(key)).Append(" = "), value, indent + 1);
            text.Append(",\n");
        }

        text.Append('\t', indent).Append('}');
    }
}
