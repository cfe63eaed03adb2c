using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gantry.Estate.Matching;

public enum MatchOperator
{
    /// <summary><c>=</c></summary>
    Equal,

    /// <summary><c>!=</c></summary>
    NotEqual,

    /// <summary><c>=~</c></summary>
    Matches,

    /// <summary><c>!~</c></summary>
    MatchesNot,
}

/// <summary>
/// A condition on one attribute of an agent, in the syntax of Prometheus Alertmanager (UTF-8): <c>env=prod</c>, <c>"service.name"=~"cart|stock"</c>. Name and
/// value stand in double quotes, or without where they have neither white space nor any of <c>{}!=~,\"'`</c>. A regular expression must match the whole
/// value. An attribute that is not there has the value "".
/// </summary>
public sealed class AgentMatcher
{
    /// <summary>Of a matcher, in characters.</summary>
    public const int Longest = 200;

    private const string Reserved = "{}!=~,\\\"'`";

    private readonly Regex? _regex;

    private AgentMatcher(string name, MatchOperator @operator, string value, Regex? regex)
    {
        (Name, Operator, Value) = (name, @operator, value);
        _regex = regex;
    }

    public string Name { get; }

    public MatchOperator Operator { get; }

    public string Value { get; }

    /// <param name="error">What is wrong, and what to write; "" when nothing is.</param>
    /// <returns>Null when something is.</returns>
    public static AgentMatcher? Parse(string text, out string error)
    {
        if (text.Length > Longest)
        {
            error = $"expected at most {Longest} characters, these are {text.Length}";
            return null;
        }

        var at = 0;
        if (Word(text, ref at, "a name", out error) is not { } name || OperatorAt(text, ref at, out error) is not { } @operator || Word(text, ref at, "a value", out error) is not { } value)
        {
            return null;
        }

        if (at < text.Length || name.Length == 0)
        {
            error = name.Length == 0 ? "the name is empty" : $"'{text[at..]}' behind the value: one matcher is one condition; write further ones as items of their own, and values with blanks in double quotes";
            return null;
        }

        var regex = @operator is MatchOperator.Matches or MatchOperator.MatchesNot ? MatcherRegex.Parse(value, out error) : null;
        return error.Length == 0 ? new AgentMatcher(name, @operator, value, regex) : null;
    }

    /// <param name="value">"" for an attribute that is not there.</param>
    public bool Accepts(string value) => Operator switch
    {
        MatchOperator.Equal => value == Value,
        MatchOperator.NotEqual => value != Value,
        MatchOperator.Matches => _regex!.IsMatch(value),
        _ => !_regex!.IsMatch(value),
    };

    /// <summary>As it may be written again: name and value quoted where they must be.</summary>
    public override string ToString() => $"{Quoted(Name)}{Sign(Operator)}{(Value.Length > 0 && Value.All(IsPlain) ? Value : $"\"{Escaped(Value)}\"")}";

    private static string Sign(MatchOperator @operator) => @operator switch
    {
        MatchOperator.Equal => "=",
        MatchOperator.NotEqual => "!=",
        MatchOperator.Matches => "=~",
        _ => "!~",
    };

    private static string Quoted(string name) => name.All(IsPlain) ? name : $"\"{Escaped(name)}\"";

    private static string Escaped(string text) => text.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n").Replace("\t", "\\t").Replace("\r", "\\r");

    private static bool IsPlain(char c) => !char.IsWhiteSpace(c) && !char.IsControl(c) && !Reserved.Contains(c);

    private static MatchOperator? OperatorAt(string text, ref int at, out string error)
    {
        at = SkipBlanks(text, at);
        error = "";
        foreach (var (sign, value) in (ReadOnlySpan<(string, MatchOperator)>)[("=~", MatchOperator.Matches), ("!~", MatchOperator.MatchesNot), ("!=", MatchOperator.NotEqual), ("=", MatchOperator.Equal)])
        {
            if (text.AsSpan(at).StartsWith(sign, StringComparison.Ordinal))
            {
                at += sign.Length;
                return value;
            }
        }

        error = $"expected =, !=, =~ or !~ {(at < text.Length ? $"before '{text[at..]}'" : "and a value at the end")}, as in env=prod";
        return null;
    }

    private static string? Word(string text, ref int at, string what, out string error)
    {
        at = SkipBlanks(text, at);
        error = "";
        if (at < text.Length && text[at] == '"')
        {
            var word = Quoted(text, ref at, out error);
            at = SkipBlanks(text, at);
            return word;
        }

        var begin = at;
        while (at < text.Length && IsPlain(text[at]))
        {
            at++;
        }

        if (at == begin)
        {
            error = $"expected {what} {(at < text.Length ? $"before '{text[at..]}'" : "at the end")}; empty ones, and such with blanks or any of {Reserved}, stand in double quotes";
            return null;
        }

        var plain = text[begin..at];
        at = SkipBlanks(text, at);
        return plain;
    }

    private static string? Quoted(string text, ref int at, out string error)
    {
        var word = new StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] != '\\')
            {
                word.Append(text[at]);
            }
            else if (!Unescape(text, ref at, word))
            {
                error = $"'{text[at..Math.Min(at + 2, text.Length)]}' is no escape; a backslash itself is \\\\";
                return null;
            }
        }

        error = at < text.Length ? "" : "a double quote is not closed";
        at++;
        return error.Length == 0 ? word.ToString() : null;
    }

    private static bool Unescape(string text, ref int at, StringBuilder word)
    {
        var next = at + 1 < text.Length ? text[at + 1] : '\0';
        var found = "abfnrtv\\\"'".IndexOf(next);
        if (found >= 0 && next != '\0')
        {
            word.Append("\a\b\f\n\r\t\v\\\"'"[found]);
            at++;
            return true;
        }

        var digits = next switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits == 0 || at + 2 + digits > text.Length
            || !int.TryParse(text.AsSpan(at + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || !Rune.IsValid(code))
        {
            return false;
        }

        word.Append(new Rune(code).ToString());
        at += 1 + digits;
        return true;
    }

    private static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }
}
