using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace Gantry.Hub.Fleet.Configs;

/// <summary>
/// Takes secrets out of a configuration before it is kept. By the names that hold them, line by line, in YAML, JSON, Alloy and properties alike, so it
/// needs no parser and works on what none would read. A reference (<c>${env:TOKEN}</c>, <c>sys.env("TOKEN")</c>) is no secret and stays. What is not
/// text, or is very large, is not kept at all. All patterns run in linear time: agents choose the input.
/// </summary>
internal static class Redaction
{
    public const string Mark = "[REDACTED]";

    private const int MostBytes = 4 * 1024 * 1024;

    private const string Names =
        "password|passwd|passphrase|pwd|secret|secret_key|client_secret|secret_access_key|token|access_token|auth_token|bearer_token|refresh_token|id_token|api_token|"
        + "api_key|apikey|api-key|x-api-key|access_key|account_key|license_key|licence_key|private_key|key_pem|authorization|proxy-authorization|cookie|credential|credentials|"
        + "connection_string|sas_token|x-honeycomb-team|dd-api-key|signing_key|encryption_key|shared_key";

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private static readonly Regex Key = new(@"(^|[^\w])[\w.\-/]*(" + Names + @")[""']?[ \t]*[:=][ \t]*", Linear);
    private static readonly Regex Scheme = new(@"\b(?<head>(Bearer|Basic) +)[A-Za-z0-9+/=_\-.~]{6,}", Linear);
    private static readonly Regex UserInfo = new(@"(?<head>[a-z][a-z0-9+.\-]*://[^\s:/@""'{}]*:)[^\s/@""'{}]+@", Linear);
    private static readonly Regex Pem = new(@"-----BEGIN [A-Z ]*PRIVATE KEY-----[^\n]*-----END [A-Z ]*PRIVATE KEY-----", Linear);

    public static byte[] Redact(byte[] body)
    {
        if (body.Length > MostBytes || !Utf8.IsValid(body))
        {
            return Encoding.UTF8.GetBytes($"# not kept: {body.Length} bytes {(body.Length > MostBytes ? "are too many" : "that are no text")}\n");
        }

        var text = Encoding.UTF8.GetString(body);
        var output = new StringBuilder(text.Length);
        // Deeper lines than this belong to a secret that was written as a block; -1 outside of one.
        var block = -1;
        var inPem = false;
        foreach (var line in Lines(text))
        {
            var indent = line.Length - line.TrimStart(' ').Length;
            if (inPem)
            {
                inPem = !line.Contains("-----END", StringComparison.Ordinal);
            }
            else if (block >= 0 && (indent > block || string.IsNullOrWhiteSpace(line)))
            {
                // Said already.
            }
            else
            {
                block = -1;
                var redacted = Line(line, indent, ref block);
                if (redacted.Contains("-----BEGIN", StringComparison.Ordinal) && redacted.Contains("PRIVATE KEY", StringComparison.Ordinal))
                {
                    inPem = true;
                    redacted = redacted[..redacted.IndexOf("-----BEGIN", StringComparison.Ordinal)] + Mark + "\n";
                }

                output.Append(redacted);
            }
        }

        return output.Length == text.Length && output.Equals(text) ? body : Encoding.UTF8.GetBytes(output.ToString());
    }

    private static IEnumerable<string> Lines(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            yield return text[start..end];
            start = end;
        }
    }

    private static string Line(string line, int indent, ref int block)
    {
        if (line.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            line = Pem.Replace(line, Mark);
        }

        var output = new StringBuilder();
        var at = 0;
        while (Key.Match(line, at) is { Success: true } key)
        {
            var start = key.Index + key.Length;
            var end = EndOfValue(line, start);
            output.Append(line, at, start - at);
            var value = line.AsSpan(start, end - start);
            if (value is ['|' or '>', ..])
            {
                block = indent;
                output.Append(Mark);
            }
            else
            {
                output.Append(IsReference(value) ? value : Mark);
            }

            at = end;
            if (at >= line.Length)
            {
                break;
            }
        }

        output.Append(line, at, line.Length - at);
        var text = output.ToString();
        text = text.Contains("://", StringComparison.Ordinal) ? UserInfo.Replace(text, static match => match.Groups["head"].Value + Mark + "@") : text;
        return Scheme.Replace(text, static match => match.Groups["head"].Value + Mark);
    }

    private static int EndOfValue(string line, int start)
    {
        if (start < line.Length && line[start] is '"' or '\'')
        {
            for (var i = start + 1; i < line.Length; i++)
            {
                if (line[i] == '\\' && line[start] == '"')
                {
                    i++;
                }
                else if (line[i] == line[start])
                {
                    return i + 1;
                }
            }

            return line.Length;
        }

        var end = start;
        while (end < line.Length && line[end] is not ('\r' or '\n' or ',' or ']') && !(line[end] == '}' && !line.AsSpan(start, end - start).StartsWith("${"))
            && !(line[end] == '#' && end > start && line[end - 1] == ' '))
        {
            end++;
        }

        while (end > start && line[end - 1] == ' ')
        {
            end--;
        }

        return end;
    }

    private static bool IsReference(ReadOnlySpan<char> value)
    {
        value = value.Trim("\"' ");
        return value.IsEmpty || (value.StartsWith("${") && value.IndexOf('}') == value.Length - 1)
            || value.StartsWith("env(") || value.StartsWith("sys.env(") || value.SequenceEqual(Mark) || value is "null" or "~" or "true" or "false" || value[0] is '{' or '[';
    }
}
