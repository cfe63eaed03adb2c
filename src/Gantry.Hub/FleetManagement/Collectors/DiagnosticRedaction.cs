using System.Text.RegularExpressions;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>
/// Takes literal secrets out of diagnostics before they are kept. Those quote pieces of a configuration, which no parser reads, so here it is by the look:
/// values of names that speak of secrets, credentials behind their scheme, and users in URLs. References (<c>env("X")</c>) stay.
/// Too much is taken out rather than too little; a literal may also be cut short by the end of the text.
/// </summary>
internal static partial class DiagnosticRedaction
{
    public const string Mark = "(redacted)";

    public static string Redact(string text)
    {
        try
        {
            return InUrl().Replace(Schemed().Replace(Assigned().Replace(text, $"${{name}}\"{Mark}\""), $"${{scheme}} {Mark}"), $"${{scheme}}{Mark}@");
        }
        catch (RegexMatchTimeoutException)
        {
            return Mark;
        }
    }

    /// <summary>name = "literal", "name" = `literal`, also where "name" is one of a map.</summary>
    [GeneratedRegex(
        """(?<![A-Za-z0-9_.-])(?<name>[A-Za-z0-9_.-]{0,100}(password|passwd|passphrase|secret|token|credential|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|signing[_-]?key|key_pem|authorization|cookie|connection_string|dsn|sas)[A-Za-z0-9_.-]{0,100}["']?\s*[=:]\s*)("([^"\\\n]|\\.)*("|\n|\z)|`[^`]*(`|\z))""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Assigned();

    [GeneratedRegex("""(?<scheme>\b(Basic|Bearer))\s+[A-Za-z0-9+/_.=~-]{8,}""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Schemed();

    [GeneratedRegex("""(?<scheme>\b[A-Za-z][A-Za-z0-9+.-]*://)[^\s/@"'`]+@""", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InUrl();
}
