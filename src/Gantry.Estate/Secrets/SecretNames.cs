namespace Gantry.Estate.Secrets;

/// <summary>
/// Which settings hold a secret, by their names, as collectors, Alloy, Prometheus and SDKs call them. Errs towards yes: a word too many that is hidden costs
/// a look elsewhere, one too few is on every screen.
/// </summary>
public static class SecretNames
{
    // Without case and without _ - . and blanks.
    private static readonly string[] Words =
    [
        "password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "appkey", "accesskey", "privatekey", "accountkey", "sharedkey", "signingkey",
        "encryptionkey", "licensekey", "ingestionkey", "ingestkey", "instrumentationkey", "writekey", "integrationkey", "routingkey", "authkey", "sessionkey",
        "keypem", "credential", "authorization", "bearer", "cookie", "htpasswd", "connectionstring", "datasourcename",
    ];

    private static readonly string[] Whole = ["pass", "auth", "dsn", "datasource", "community", "psk", "pat", "jwt", "apisecret", "webhook", "webhookurl", "slackapiurl"];

    // What such a name ends in when it only tells where the secret is, or something about it.
    private static readonly string[] About =
    [
        "file", "filename", "files", "path", "url", "uri", "endpoint", "name", "type", "scheme", "ttl", "expiry", "expiration", "duration", "interval", "timeout", "limit", "size",
        "length", "enabled", "prefix", "id", "context", "audience", "source", "provider", "namespace", "extension", "parameter", "param", "header",
    ];

    private static readonly string[] Harmless =
        ["accept", "acceptencoding", "contentencoding", "contenttype", "host", "useragent", "xscopeorgid", "xprometheusremotewriteversion"];

    /// <summary>Is the value of a setting of this name a secret? "client_secret", "apiKey" and "Authorization" are, "password_file" and "token_url" are not.</summary>
    public static bool IsSecret(string name)
    {
        var plain = Plain(name);
        if (Array.IndexOf(Whole, plain) >= 0 || plain.EndsWith("secretid", StringComparison.Ordinal))
        {
            return true;
        }

        return Words.Any(word => plain.Contains(word, StringComparison.Ordinal))
            && !About.Any(end => plain.EndsWith(end, StringComparison.Ordinal))
            && !plain.StartsWith("max", StringComparison.Ordinal) && !plain.StartsWith("min", StringComparison.Ordinal)
            && !plain.Contains("tokeniz", StringComparison.Ordinal);
    }

    /// <summary>Does a setting of this name hold header fields? Their values are secrets, whatever the fields are called.</summary>
    public static bool IsHeaders(string name)
    {
        var plain = Plain(name);
        return plain.EndsWith("headers", StringComparison.Ordinal) && !plain.StartsWith("include", StringComparison.Ordinal);
    }

    /// <summary>Is this a header field that never has a secret, and that people look for?</summary>
    public static bool IsHarmlessHeader(string name) => Array.IndexOf(Harmless, Plain(name)) >= 0;

    /// <summary>Says this setting only where a secret is, or something about it ("password_file", "type")? Then it is shown also among secrets.</summary>
    public static bool IsAbout(string name)
    {
        var plain = Plain(name);
        return About.Any(end => plain.EndsWith(end, StringComparison.Ordinal)) && !IsSecret(name);
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant));
}
