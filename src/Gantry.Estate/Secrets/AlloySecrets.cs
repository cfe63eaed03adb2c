using System.Text;

namespace Gantry.Estate.Secrets;

/// <summary>
/// Alloy configurations (blocks, <c>name = expression</c>, strings in quotes or back quotes) without their secrets. What a secret's expression calls stays
/// (<c>sys.env("TOKEN")</c>, <c>local.file.key.content</c>); strings that are written out do not. Everything else keeps its place and its look.
/// </summary>
public static class AlloySecrets
{
    private const int Deepest = 64;

    /// <returns>Null when it is no Alloy configuration that can be told apart: quotes or brackets that do not match.</returns>
    public static string? Redact(string text)
    {
        var reader = new Reader(text);
        return reader.Run() ? reader.Output : null;
    }

    private sealed class Reader(string text)
    {
        private readonly StringBuilder _output = new(text.Length);
        private readonly Stack<Level> _levels = new([new Level('\0', Expression: false, Secret: false, Headers: false)]);
        private int _at;
        private string _word = "";
        private string _call = "";
        private string _key = "";
        private bool _inValue;

        public string Output => _output.ToString();

        public bool Run()
        {
            while (_at < text.Length)
            {
                if (!Step(text[_at]))
                {
                    return false;
                }
            }

            return _levels.Count == 1 && !IsDangling;
        }

        /// <summary>A word that begins no block and no attribute: this is another language.</summary>
        private bool IsDangling => _word.Length > 0 && !_inValue && !_levels.Peek().Expression;

        private bool Step(char c)
        {
            switch (c)
            {
                case '/' when Next() is '/' or '*':
                    return Comment();
                case '"' or '`':
                    return Text(c);
                case '(' or '[' or '{':
                    return Open(c);
                case ')' or ']' or '}':
                    return Close(c);
                case '=' when Next() is not '=' && _at > 0 && text[_at - 1] is not ('=' or '!' or '<' or '>'):
                    (_key, _inValue, _word) = (_word, true, "");
                    break;
                case '\n' when IsDangling:
                    return false;
                case '\n' when !_levels.Peek().Expression:
                case ',' when _levels.Peek().Bracket == '{':
                    (_inValue, _word, _key) = (false, "", "");
                    break;
                case var _ when char.IsLetter(c) || c == '_':
                    return Word();
                case var _ when !_inValue && !_levels.Peek().Expression && !char.IsWhiteSpace(c):
                    return false;
            }

            _output.Append(c);
            _at++;
            return true;
        }

        private char Next() => _at + 1 < text.Length ? text[_at + 1] : '\0';

        private bool Comment()
        {
            var end = Next() == '/' ? text.IndexOf('\n', _at) : text.IndexOf("*/", _at + 2, StringComparison.Ordinal) is >= 0 and var close ? close + 2 : -1;
            end = end < 0 ? text.Length : end;
            _output.Append(SecretValues.OfText(text[_at..end]));
            _at = end;
            return true;
        }

        private bool Word()
        {
            var begin = _at;
            while (_at < text.Length && (char.IsLetterOrDigit(text[_at]) || text[_at] is '_' or '.'))
            {
                _at++;
            }

            _word = text[begin.._at];
            _output.Append(_word);
            return true;
        }

        private bool Open(char bracket)
        {
            if (_levels.Count > Deepest)
            {
                return false;
            }

            var outer = _levels.Peek();
            // A block is named by the words before it, an object by its key.
            var name = _inValue ? _key : _word;
            _call = bracket == '(' ? _word : "";
            _levels.Push(new Level(
                bracket, Expression: bracket != '{' || _inValue, outer.Secret || (_inValue && SecretNames.IsSecret(name)), outer.Headers || SecretNames.IsHeaders(name))
            {
                Call = _call.Length > 0 ? _call : outer.Call, Key = _key, WasInValue = _inValue,
            });
            (_word, _key, _inValue) = ("", bracket == '{' ? "" : _key, bracket != '{' && _inValue);
            _output.Append(bracket);
            _at++;
            return true;
        }

        private bool Close(char bracket)
        {
            if (_levels.Count == 1 || _levels.Peek().Bracket != (bracket switch { ')' => '(', ']' => '[', _ => '{' }))
            {
                return false;
            }

            var level = _levels.Pop();
            (_word, _key, _inValue) = ("", level.Key, level.WasInValue);
            _output.Append(bracket);
            _at++;
            return true;
        }

        private bool Text(char quote)
        {
            var begin = _at++;
            while (_at < text.Length && text[_at] != quote && (quote == '`' || text[_at] != '\n'))
            {
                _at += quote == '"' && text[_at] == '\\' ? 2 : 1;
            }

            if (_at >= text.Length || text[_at] != quote)
            {
                return false;
            }

            var inner = text[(begin + 1).._at++];
            _word = inner;
            var redacted = IsKey() ? SecretValues.Of(inner) : Value(inner);
            _output.Append(quote).Append(redacted).Append(quote);
            return true;
        }

        private string Value(string inner)
        {
            var level = _levels.Peek();
            var secret = level.Secret ? !SecretNames.IsAbout(_key) : _inValue && (level.Headers ? !SecretNames.IsHarmlessHeader(_key) : SecretNames.IsSecret(_key));
            // The name of a variable is no secret, nor the path of an entry.
            var reference = level.Bracket == '(' && level.Call is "sys.env" or "env";
            return reference ? inner : secret ? SecretValues.OfSecret(inner) : SecretValues.Of(inner);
        }

        /// <summary>A string before = is a key of an object.</summary>
        private bool IsKey()
        {
            var next = _at;
            while (next < text.Length && text[next] is ' ' or '\t')
            {
                next++;
            }

            return next < text.Length && text[next] == '=' && (next + 1 >= text.Length || text[next + 1] != '=');
        }
    }

    private sealed record Level(char Bracket, bool Expression, bool Secret, bool Headers)
    {
        public string Call { get; init; } = "";

        public string Key { get; init; } = "";

        public bool WasInValue { get; init; }
    }
}
