using System.Text.RegularExpressions;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines;

/// <summary>Where a value is a secret by the name of its setting. A secret is written as a reference that the agent resolves, never as itself.</summary>
public static partial class SecretWords
{
    public const string Fix = "is a secret written out; write a reference that the agent resolves, ${env:NAME} or ${file:/run/secrets/NAME}";

    private static readonly HashSet<string> Names =
    [
        "password", "passphrase", "secret", "token", "bearertoken", "apikey", "apitoken", "accesstoken", "authtoken", "refreshtoken", "ingesttoken", "securitytoken", "sessiontoken",
        "clientsecret", "secretkey", "secretaccesskey", "privatekey", "keypem", "credentials", "licensekey", "connectionstring", "instrumentationkey", "accountkey", "sharedkey", "hec token",
    ];

    private static readonly HashSet<string> Headers = ["authorization", "proxyauthorization", "cookie", "xapikey", "apikey", "xauthtoken", "ddapikey", "xhoneycombteam", "lightstepaccesstoken", "xscopeorgtoken", "xinsertkey"];

    /// <param name="name">Of the setting, in any spelling: <c>api_key</c>, <c>apiKey</c>, <c>api-key</c>.</param>
    /// <param name="inHeaders">It stands inside <c>headers</c>.</param>
    public static bool IsSecret(string name, bool inHeaders = false)
    {
        var plain = string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return Names.Contains(plain) || (inHeaders && (Headers.Contains(plain) || plain.EndsWith("token", StringComparison.Ordinal) || plain.EndsWith("key", StringComparison.Ordinal)));
    }

    /// <summary>Names a secret rather than being one.</summary>
    public static bool IsReference(string value) => value.Length == 0 || Reference().IsMatch(value);

    /// <summary><c>https://user:password@host</c></summary>
    public static bool HasUserInfo(string value) => UserInfo().IsMatch(value);

    /// <summary>Reports each secret that is written out under a node.</summary>
    public static void Check(Node? node, string path, ResourceProblems problems, bool inHeaders = false)
    {
        switch (node)
        {
            case MappingNode mapping:
                foreach (var (key, value) in mapping.Fields)
                {
                    if (value is ScalarNode { IsNull: false } scalar && IsSecret(key.Text, inHeaders) && !IsReference(scalar.Text))
                    {
                        // Never repeated in a message: messages are logged.
                        problems.Add(scalar.Line, scalar.Column, $"{path}.{key.Text}", "", Fix);
                    }
                    else
                    {
                        Check(value, $"{path}.{key.Text}", problems, inHeaders || key.Text.EndsWith("headers", StringComparison.OrdinalIgnoreCase));
                    }
                }

                break;
            case ListNode list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    // headers: [{key: authorization, value: …}], as some components have them.
                    if (list.Items[i] is MappingNode item && Field(item, "key") is { } key && Field(item, "value") is { } value && IsSecret(key.Text, inHeaders: true) && !IsReference(value.Text))
                    {
                        problems.Add(value.Line, value.Column, $"{path}[{i}].value", "", Fix);
                    }
                    else
                    {
                        Check(list.Items[i], $"{path}[{i}]", problems, inHeaders);
                    }
                }

                break;
            case ScalarNode scalar when HasUserInfo(scalar.Text):
                problems.Add(scalar.Line, scalar.Column, path, "", $"has a password inside an address, which {Fix}");
                break;
        }
    }

    private static ScalarNode? Field(MappingNode mapping, string name) => mapping.Fields.FirstOrDefault(field => field.Key.Text == name)?.Value as ScalarNode;

    /// <summary>Some words before it, such as a scheme, and nothing long behind.</summary>
    [GeneratedRegex(@"^(Bearer |Basic |ApiKey |Api-Token |Token |Splunk )?(\$\{[^{}]+\})+$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Reference();

    [GeneratedRegex(@"^[a-z][a-z0-9+.-]*://[^/?#@:\s]*:(?!\$\{)[^/?#@\s]+@", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserInfo();
}
