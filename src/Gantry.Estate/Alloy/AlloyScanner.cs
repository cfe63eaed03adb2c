using System.Globalization;
using System.Text;

namespace Gantry.Estate.Alloy;

internal enum AlloyTokenKind
{
    Name,
    Text,
    Number,
    Sign,

    /// <summary>A line end that ends a statement.</summary>
    LineEnd,
    End,
}

/// <param name="Text">A text's value without quotes; "\n" for a line end.</param>
internal readonly record struct AlloyToken(AlloyTokenKind Kind, string Text, AlloyPlace Place)
{
    public bool Is(string sign) => Kind == AlloyTokenKind.Sign && Text == sign;

    /// <summary>For a message.</summary>
    public string Shown => Kind switch { AlloyTokenKind.LineEnd => "the end of the line", AlloyTokenKind.End => "the end", AlloyTokenKind.Text => $"\"{Text}\"", _ => $"'{Text}'" };
}

internal sealed class AlloySyntaxException(AlloyPlace place, string message) : Exception(message)
{
    public AlloyPlace Place { get; } = place;
}

/// <summary>Cuts text into tokens. As in Go, a line end counts only behind a token that can end a statement: a name, a value, or a closing bracket.</summary>
internal sealed class AlloyScanner(string text)
{
    private static readonly string[] Signs = ["||", "&&", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-", "*", "/", "%", "^", "=", ",", ".", "(", ")", "[", "]", "{", "}"];

    private int _at;
    private int _line = 1;
    private int _lineStart;
    private bool _lineEndCounts;

    private AlloyPlace Here => new(_line, _at - _lineStart + 1);

    public AlloyToken Next()
    {
        if (SkipBlanks() is { } lineEnd)
        {
            return lineEnd;
        }

        var place = Here;
        if (_at >= text.Length)
        {
            var last = _lineEndCounts;
            _lineEndCounts = false;
            return new AlloyToken(last ? AlloyTokenKind.LineEnd : AlloyTokenKind.End, "\n", place);
        }

        _lineEndCounts = true;
        var c = text[_at];
        if (char.IsLetter(c) || c == '_')
        {
            return new AlloyToken(AlloyTokenKind.Name, While(static next => char.IsLetterOrDigit(next) || next == '_'), place);
        }

        if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1])))
        {
            return new AlloyToken(AlloyTokenKind.Number, Number(), place);
        }

        if (c is '"' or '`')
        {
            return new AlloyToken(AlloyTokenKind.Text, c == '"' ? Quoted(place) : Raw(place), place);
        }

        foreach (var sign in Signs)
        {
            if (text.AsSpan(_at).StartsWith(sign, StringComparison.Ordinal))
            {
                _at += sign.Length;
                _lineEndCounts = sign is ")" or "]" or "}";
                return new AlloyToken(AlloyTokenKind.Sign, sign, place);
            }
        }

        throw new AlloySyntaxException(place, $"'{(char.IsControl(c) ? '�' : c)}' has no meaning here{(c == '#' ? "; a comment begins with //" : c == '\'' ? "; text stands in double quotes" : "")}");
    }

    private AlloyToken? SkipBlanks()
    {
        while (_at < text.Length)
        {
            var c = text[_at];
            if (c == '\n')
            {
                var end = new AlloyToken(AlloyTokenKind.LineEnd, "\n", Here);
                _at++;
                (_line, _lineStart) = (_line + 1, _at);
                if (_lineEndCounts)
                {
                    _lineEndCounts = false;
                    return end;
                }
            }
            else if (c is ' ' or '\t' or '\r' or '\uFEFF')
            {
                _at++;
            }
            else if (text.AsSpan(_at).StartsWith("//"))
            {
                While(static next => next != '\n');
            }
            else if (text.AsSpan(_at).StartsWith("/*"))
            {
                if (SkipComment() is { } lineEnd)
                {
                    return lineEnd;
                }
            }
            else
            {
                break;
            }
        }

        return null;
    }

    /// <summary>A comment over several lines stands for a line end.</summary>
    private AlloyToken? SkipComment()
    {
        var place = Here;
        var end = text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new AlloySyntaxException(place, "the comment is not closed; end it with */");
        }

        var line = _line;
        Advance(end + 2);
        if (_line > line && _lineEndCounts)
        {
            _lineEndCounts = false;
            return new AlloyToken(AlloyTokenKind.LineEnd, "\n", place);
        }

        return null;
    }

    private void Advance(int to)
    {
        for (; _at < to; _at++)
        {
            if (text[_at] == '\n')
            {
                (_line, _lineStart) = (_line + 1, _at + 1);
            }
        }
    }

    private string While(Func<char, bool> belongs)
    {
        var begin = _at;
        while (_at < text.Length && belongs(text[_at]))
        {
            _at++;
        }

        return text[begin.._at];
    }

    private string Number()
    {
        var begin = _at;
        While(static c => char.IsAsciiDigit(c) || c == '.');
        if (_at < text.Length && text[_at] is 'e' or 'E')
        {
            _at += _at + 1 < text.Length && text[_at + 1] is '+' or '-' ? 2 : 1;
            While(char.IsAsciiDigit);
        }

        var number = text[begin.._at];
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? number
            : throw new AlloySyntaxException(new AlloyPlace(_line, begin - _lineStart + 1), $"'{number}' is no number");
    }

    private string Raw(AlloyPlace place)
    {
        var end = text.IndexOf('`', _at + 1);
        if (end < 0)
        {
            throw new AlloySyntaxException(place, "the raw text is not closed; end it with `");
        }

        var value = text[(_at + 1)..end];
        Advance(end + 1);
        return value.Replace("\r", "", StringComparison.Ordinal);
    }

    private string Quoted(AlloyPlace place)
    {
        var value = new StringBuilder();
        for (_at++; _at < text.Length && text[_at] is not ('"' or '\n'); _at++)
        {
            if (text[_at] == '\\')
            {
                Unescape(value);
            }
            else
            {
                value.Append(text[_at]);
            }
        }

        if (_at >= text.Length || text[_at] == '\n')
        {
            throw new AlloySyntaxException(place, "the text is not closed on its line; end it with \", or write text of several lines between ` and `");
        }

        _at++;
        return value.ToString();
    }

    private void Unescape(StringBuilder value)
    {
        var place = Here;
        var next = _at + 1 < text.Length ? text[_at + 1] : '\0';
        var found = "abfnrtv\\\"'".IndexOf(next);
        if (next != '\0' && found >= 0)
        {
            value.Append("\a\b\f\n\r\t\v\\\"'"[found]);
            _at++;
            return;
        }

        var digits = next switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0 && _at + 2 + digits <= text.Length
            && int.TryParse(text.AsSpan(_at + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) && Rune.IsValid(code))
        {
            value.Append(new Rune(code).ToString());
            _at += 1 + digits;
            return;
        }

        throw new AlloySyntaxException(place, $@"'\{next}' is no escape; a backslash itself is \\, or write the text between ` and `");
    }
}
