using System.Text.RegularExpressions;

namespace Gantry.Estate.Secrets;

/// <summary>What is a secret by its look, wherever it stands, and what is only a reference to one.</summary>
public static partial class SecretValues
{
    /// <summary>Stands where a secret was.</summary>
    public const string Redacted = "[REDACTED]";

    private const int PatienceMilliseconds = 1000;

    /// <summary>
    /// The value of a setting that holds a secret: references stay (<c>${env:TOKEN}</c>, <c>Bearer ${file:/run/token}</c>), so do "", true, false and null;
    /// anything else is <see cref="Redacted"/>, also the fallback of a reference (<c>${env:TOKEN:-fallback}</c>).
    /// </summary>
    public static string OfSecret(string value)
    {
        if (value is "" or "true" or "false" or "null" or "~" or "<secret>" or "(secret)" or Redacted)
        {
            return value;
        }

        var references = Reference().Matches(value);
        var literal = Reference().Replace(value, "").Trim();
        if (references.Count == 0 || (literal.Length > 0 && !Scheme().IsMatch(literal)))
        {
            return Redacted;
        }

        return Reference().Replace(value, static match => match.Value.IndexOf(":-", StringComparison.Ordinal) is >= 0 and var fallback ? $"{match.Value[..(fallback + 2)]}{Redacted}}}" : match.Value);
    }

    /// <summary>Any other value: without passwords in addresses, secrets in their queries, private keys, and tokens that are known by their look.</summary>
    public static string Of(string value)
    {
        value = UserInfo().Replace(value, static match => IsReference(match.Groups["secret"].Value) ? match.Value : $"{match.Groups["before"].Value}{Redacted}@");
        value = QueryPart().Replace(value, static match =>
            SecretNames.IsSecret(match.Groups["name"].Value) && !IsReference(match.Groups["value"].Value) ? $"{match.Groups["lead"].Value}{match.Groups["name"].Value}={Redacted}" : match.Value);
        value = Credentials().Replace(value, static match => $"{match.Groups["scheme"].Value}{Redacted}");
        value = PrivateKey().Replace(value, Redacted);
        return KnownToken().Replace(value, Redacted);
    }

    /// <summary>A comment, or any line of text: also what follows a secret's name and = or :.</summary>
    public static string OfText(string text) => Assigned().Replace(Of(text), static match =>
        SecretNames.IsSecret(match.Groups["name"].Value) ? $"{match.Groups["name"].Value}{match.Groups["sign"].Value}{OfSecret(match.Groups["value"].Value.Trim('"', '\''))}" : match.Value);

    private static bool IsReference(string value) => OfSecret(value) != Redacted;

    /// <summary><c>${env:NAME}</c>, <c>${NAME}</c>, <c>${file:/path}</c>, <c>${NAME:-fallback}</c>, and <c>$NAME</c>.</summary>
    [GeneratedRegex(@"\$\{[^${}]+\}|\$[A-Za-z_][A-Za-z0-9_]*", RegexOptions.ExplicitCapture, PatienceMilliseconds)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^(Bearer|Basic|Token|ApiKey|Api-Key|Digest|:)(\s+:)?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, PatienceMilliseconds)]
    private static partial Regex Scheme();

    // The last @ before the path ends it: passwords hold anything.
    [GeneratedRegex(@"(?<before>[a-z][a-z0-9+.-]{0,30}://[^\s/?#:@""']*:)(?<secret>[^\s/""']+)@", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, PatienceMilliseconds)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"(?<lead>[?&;])(?<name>[A-Za-z0-9_.-]{2,60})=(?<value>[^&;#\s""']+)", RegexOptions.ExplicitCapture, PatienceMilliseconds)]
    private static partial Regex QueryPart();

    [GeneratedRegex(@"\b(?<scheme>(Bearer|Basic)\s+)(?<value>[A-Za-z0-9+/=_~.-]{16,})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, PatienceMilliseconds)]
    private static partial Regex Credentials();

    [GeneratedRegex(@"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\z)", RegexOptions.Singleline | RegexOptions.ExplicitCapture, PatienceMilliseconds)]
    private static partial Regex PrivateKey();

    // JSON web tokens, and prefixes that their issuers chose so that they are found.
    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)?|\b(glc_|glsa_|ghp_|gho_|ghs_|github_pat_|glpat-|xox[abpr]-|NRAK-|dt0c01\.|sk_live_|sk-|hvs\.|gt[a-z]_)[A-Za-z0-9_.=+/-]{16,}|\b(AKIA|ASIA)[A-Z0-9]{16}\b", RegexOptions.ExplicitCapture, PatienceMilliseconds)]
    private static partial Regex KnownToken();

    [GeneratedRegex(@"(?<name>[A-Za-z][A-Za-z0-9_.-]{1,60})(?<sign>[""']?\s*[:=]\s*)(?<value>""[^""]*""|'[^']*'|\S[^\r\n]*)", RegexOptions.ExplicitCapture, PatienceMilliseconds)]
    private static partial Regex Assigned();
}
