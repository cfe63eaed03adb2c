namespace Gantry.Estate.Alloy;

/// <summary>
/// Reads Alloy syntax:
/// <code>
/// Body      = [ Statement { line-end Statement } ]
/// Statement = name "=" Expression | name { "." name } [ text ] "{" Body "}"
/// Expression: || · &amp;&amp; · == != &lt; &lt;= &gt; &gt;= · + - · * / % · ^ (from the right) · ! - · x.name x[y] x(y, …) · value, name, (x), [x, …], {name = x, …}
/// </code>
/// </summary>
public sealed class AlloyParser
{
    private const int Deepest = 100;

    private const int MostInARow = 500;

    private static readonly string[][] Levels = [["||"], ["&&"], ["==", "!=", "<", "<=", ">", ">="], ["+", "-"], ["*", "/", "%"]];

    private readonly AlloyScanner _scanner;
    private AlloyToken _token;
    private int _depth;

    private AlloyParser(string text)
    {
        _scanner = new AlloyScanner(text);
        _token = _scanner.Next();
    }

    /// <param name="error">Null when the text is sound.</param>
    public static AlloyBody? Parse(string text, out AlloyError? error)
    {
        try
        {
            var parser = new AlloyParser(text);
            var body = parser.Body(AlloyTokenKind.End);
            error = null;
            return body;
        }
        catch (AlloySyntaxException exception)
        {
            error = new AlloyError(exception.Place, exception.Message);
            return null;
        }
    }

    private AlloyBody Body(AlloyTokenKind end)
    {
        Enter();
        var statements = new List<AlloyStatement>();
        while (true)
        {
            while (_token.Kind == AlloyTokenKind.LineEnd)
            {
                Take();
            }

            if (_token.Kind == AlloyTokenKind.End || (end == AlloyTokenKind.Sign && _token.Is("}")))
            {
                break;
            }

            statements.Add(Statement());
            if (_token.Kind is not (AlloyTokenKind.LineEnd or AlloyTokenKind.End) && !(end == AlloyTokenKind.Sign && _token.Is("}")))
            {
                throw Expected("the end of the line behind a statement");
            }
        }

        _depth--;
        return new AlloyBody(statements);
    }

    private AlloyStatement Statement()
    {
        var place = _token.Place;
        var name = Name("the name of a block or an attribute");
        if (_token.Is("="))
        {
            Take();
            return new AlloyAttribute(name, Expression(), place);
        }

        while (_token.Is("."))
        {
            Take();
            name += "." + Name("a name behind '.'");
        }

        string? label = null;
        if (_token.Kind == AlloyTokenKind.Text)
        {
            label = Take().Text;
        }

        if (!_token.Is("{"))
        {
            throw Expected(label is null && !name.Contains('.') ? $"'=' and a value, or '{{', behind {name}" : $"'{{' behind {name}");
        }

        Take();
        var body = Body(AlloyTokenKind.Sign);
        if (!_token.Is("}"))
        {
            throw new AlloySyntaxException(place, $"the block {name} is not closed; end it with }}");
        }

        Take();
        return new AlloyBlock(name, label, body, place);
    }

    private AlloyExpression Expression(int level = 0)
    {
        Enter();
        var left = level == Levels.Length ? Power() : Expression(level + 1);
        for (var count = 0; level < Levels.Length && _token.Kind == AlloyTokenKind.Sign && Levels[level].Contains(_token.Text); count++)
        {
            Bound(count);
            var sign = Take();
            left = new AlloyBinary(sign.Text, left, Expression(level + 1), sign.Place);
        }

        _depth--;
        return left;
    }

    private AlloyExpression Power()
    {
        Enter();
        var left = Unary();
        if (_token.Is("^"))
        {
            var sign = Take();
            left = new AlloyBinary(sign.Text, left, Power(), sign.Place);
        }

        _depth--;
        return left;
    }

    private AlloyExpression Unary()
    {
        if (_token.Is("!") || _token.Is("-"))
        {
            Enter();
            var sign = Take();
            var operand = new AlloyUnary(sign.Text, Unary(), sign.Place);
            _depth--;
            return operand;
        }

        var target = Primary();
        for (var count = 0; ; count++)
        {
            Bound(count);
            var place = _token.Place;
            if (_token.Is("."))
            {
                Take();
                target = new AlloyAccess(target, Name("a name behind '.'"), place);
            }
            else if (_token.Is("["))
            {
                Take();
                target = new AlloyIndex(target, Expression(), place);
                Close("]");
            }
            else if (_token.Is("("))
            {
                Take();
                target = new AlloyCall(target, List(")"), place);
            }
            else
            {
                return target;
            }
        }
    }

    private AlloyExpression Primary()
    {
        var token = _token;
        switch (token.Kind)
        {
            case AlloyTokenKind.Text:
                Take();
                return new AlloyString(token.Text, token.Place);
            case AlloyTokenKind.Number:
                Take();
                return new AlloyLiteral(token.Text, token.Place);
            case AlloyTokenKind.Name:
                Take();
                return token.Text is "true" or "false" or "null" ? new AlloyLiteral(token.Text, token.Place) : new AlloyName(token.Text, token.Place);
            case AlloyTokenKind.Sign when token.Text == "(":
                Take();
                var inner = Expression();
                Close(")");
                return new AlloyUnary("(", inner, token.Place);
            case AlloyTokenKind.Sign when token.Text == "[":
                Take();
                return new AlloyArray(List("]"), token.Place);
            case AlloyTokenKind.Sign when token.Text == "{":
                Take();
                return new AlloyObject(Fields(), token.Place);
            default:
                throw Expected("a value");
        }
    }

    private List<AlloyExpression> List(string end)
    {
        var items = new List<AlloyExpression>();
        while (!_token.Is(end))
        {
            items.Add(Expression());
            Comma(end);
        }

        Take();
        return items;
    }

    private List<(string Key, AlloyExpression Value)> Fields()
    {
        var fields = new List<(string, AlloyExpression)>();
        while (!_token.Is("}"))
        {
            var key = _token.Kind is AlloyTokenKind.Name or AlloyTokenKind.Text ? Take().Text : throw Expected("the name of a field, or }");
            if (!_token.Is("="))
            {
                throw Expected($"'=' behind {key}");
            }

            Take();
            fields.Add((key, Expression()));
            Comma("}");
        }

        Take();
        return fields;
    }

    private void Comma(string end)
    {
        if (_token.Is(","))
        {
            Take();
        }
        else if (!_token.Is(end))
        {
            throw Expected(_token.Kind == AlloyTokenKind.LineEnd ? $"',' at the end of the line (behind the last item too, where {end} is on the next line)" : $"',' or '{end}'");
        }
    }

    private void Close(string sign)
    {
        if (!_token.Is(sign))
        {
            throw Expected($"'{sign}'");
        }

        Take();
    }

    private string Name(string what) => _token.Kind == AlloyTokenKind.Name ? Take().Text : throw Expected(what);

    private AlloyToken Take()
    {
        var taken = _token;
        _token = _scanner.Next();
        return taken;
    }

    private void Enter()
    {
        // Each level of precedence counts, so this is some dozen levels of brackets for one of the text.
        if (++_depth > Deepest * (Levels.Length + 2))
        {
            throw new AlloySyntaxException(_token.Place, $"more than {Deepest} levels inside one another");
        }
    }

    /// <summary>A chain becomes a tree as deep as it is long.</summary>
    private void Bound(int count)
    {
        if (count > MostInARow)
        {
            throw new AlloySyntaxException(_token.Place, $"more than {MostInARow} operators in a row; use ( ) or several attributes");
        }
    }

    private AlloySyntaxException Expected(string what) => new(_token.Place, $"expected {what}, this is {_token.Shown}");
}
