using Gantry.Estate.Secrets;
using Gantry.Hub.Secrets;

namespace Gantry.Hub.Tests.Secrets;

public class RedactionTests
{
    /// <summary>Every secret in these has hunter2 in it, and everything that has not must stay.</summary>
    private const string Collector = """
        # the collector of the newsroom; api_key: hunter2-in-a-comment
        extensions:
          basicauth/client: { client_auth: { username: paper, password: "hunter2, with: marks" } }
          basicauth/server:
            htpasswd:
              inline: |
                paper:hunter2
                other:hunter2-too
          bearertokenauth:
            scheme: Bearer
            token: hunter2
            filename: /run/secrets/token
          oauth2client:
            client_id: newsroom
            client_secret: ${env:CLIENT_SECRET}
            token_url: https://login.example/oauth2/token
            scopes: [metrics, traces]
        receivers:
          otlp: { protocols: { grpc: { endpoint: 0.0.0.0:4317, max_recv_msg_size_mib: 4 } } }
          postgresql:
            endpoint: db:5432
            username: monitor
            password: ${env:PG_PASSWORD:-hunter2}
          sqlquery: { driver: postgres, datasource: "host=db password=hunter2" }
          prometheus:
            config:
              scrape_configs:
                - job_name: paper
                  authorization: { type: Bearer, credentials: hunter2, credentials_file: /run/token }
                  static_configs: [ { targets: [ "localhost:9090" ] } ]
        exporters:
          otlphttp:
            endpoint: https://paper:hunter2@otlp.example:4318/v1?api_key=hunter2&tenant=news
            headers:
              X-Scope-OrgID: newsroom
              Authorization: Bearer ${env:TOKEN}
              X-Custom: hunter2
            tls: { ca_file: /etc/ca.pem, key_pem: "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----" }
          otlp/list:
            headers:
              - { name: X-Auth, value: hunter2 }
        processors:
          attributes:
            actions: [ { key: environment, value: production, action: insert }, { key: db.password, value: hunter2, action: insert } ]
        shared: &login { user: a, word: hunter2 }
        reuse: { credentials: *login }
        service:
          telemetry: { resource: { service.name: collector }, logs: { level: info } }
        """;

    private const string Alloy = """
        // the token = hunter2
        prometheus.remote_write "mimir" {
          endpoint {
            url = "https://paper:hunter2@mimir.example/api/v1/push"
            headers = { "X-Scope-OrgID" = "newsroom", "X-Auth" = "hunter2" }
            basic_auth {
              username      = "paper"
              password      = "hunter2"
              password_file = "/run/secrets/password"
            }
            authorization { type = "Bearer" credentials = `hunter2` }
          }
          external_labels = { cluster = "berlin", note = "a } in a string" }
        }
        otelcol.auth.bearer "x" {
          token = sys.env("OTLP_TOKEN")
        }
        otelcol.auth.headers "y" {
          header { key = "X" value = "plain" }
        }
        discovery.http "z" {
          bearer_token = coalesce(sys.env("A_TOKEN"), "hunter2")
          oauth2 { client_id = "id" client_secret = local.file.secret.content }
        }
        """;

    [Fact]
    public void A_collector_configuration_loses_its_secrets_and_nothing_else()
    {
        var redacted = Redaction.Of(Collector, "text/yaml");

        Assert.DoesNotContain("hunter2", redacted, StringComparison.Ordinal);
        foreach (var line in Collector.Split('\n').Where(line => !line.Contains("hunter2", StringComparison.Ordinal) && line.Trim() is not "inline: |"))
        {
            Assert.Contains(line, redacted, StringComparison.Ordinal);
        }

        Assert.Contains("username: paper, password: \"[REDACTED]\"", redacted, StringComparison.Ordinal);
        Assert.Contains("password: \"${env:PG_PASSWORD:-[REDACTED]}\"", redacted, StringComparison.Ordinal);
        Assert.Contains("endpoint: \"https://paper:[REDACTED]@otlp.example:4318/v1?api_key=[REDACTED]&tenant=news\"", redacted, StringComparison.Ordinal);
        Assert.Contains("type: Bearer, credentials: \"[REDACTED]\", credentials_file: /run/token", redacted, StringComparison.Ordinal);
        Assert.Contains("key: environment, value: production", redacted, StringComparison.Ordinal);
        Assert.Contains("name: X-Auth, value: \"[REDACTED]\"", redacted, StringComparison.Ordinal);
        // What comes out can be read and redacted again, and stays.
        Assert.Equal(redacted, Redaction.Of(redacted, "text/yaml"));
    }

    [Fact]
    public void An_Alloy_configuration_loses_its_secrets_and_nothing_else()
    {
        var redacted = Redaction.Of(Alloy, "text/x-alloy");

        Assert.DoesNotContain("hunter2", redacted, StringComparison.Ordinal);
        Assert.Equal(Alloy.Replace("hunter2", SecretValues.Redacted, StringComparison.Ordinal), redacted);
    }

    [Fact]
    public void JSON_stays_JSON()
    {
        var redacted = Redaction.Of("""{"exporters":{"otlp":{"headers":{"a":"hunter2\n\u0022"},"endpoint":"http:\/\/u:hunter2@h","api_key":12345,"retry":true}}}""", "application/json");

        Assert.Equal("""{"exporters":{"otlp":{"headers":{"a":"[REDACTED]"},"endpoint":"http://u:[REDACTED]@h","api_key":"[REDACTED]","retry":true}}}""", redacted);
    }

    [Theory]
    [InlineData("just some words hunter2")]
    [InlineData("a: [1, hunter2")]
    [InlineData("block \"x\" { token = \"hunter2 }")]
    [InlineData("- hunter2")]
    public void What_cannot_be_read_is_withheld(string text)
    {
        var redacted = Redaction.Of(text);

        Assert.StartsWith("# Not kept", redacted, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", redacted, StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_and_length_are_bounded()
    {
        Assert.StartsWith("# Not kept", Redaction.Of("a: " + new string('[', 100_000)), StringComparison.Ordinal);
        Assert.StartsWith("# Not kept", Redaction.Of("a " + new string('{', 100_000), "text/x-alloy"), StringComparison.Ordinal);
        Assert.StartsWith("# Not kept", Redaction.Of(new string('a', Redaction.LongestText + 1)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password", true)]
    [InlineData("apiKey", true)]
    [InlineData("secret_id", true)]
    [InlineData("proxy_authorization", true)]
    [InlineData("password_file", false)]
    [InlineData("token_url", false)]
    [InlineData("client_id", false)]
    [InlineData("max_tokens", false)]
    [InlineData("tokenizer", false)]
    [InlineData("key", false)]
    [InlineData("endpoint", false)]
    public void Names_tell_secrets(string name, bool secret) => Assert.Equal(secret, SecretNames.IsSecret(name));

    [Theory]
    [InlineData("", "")]
    [InlineData("true", "true")]
    [InlineData("${env:A}", "${env:A}")]
    [InlineData("$A", "$A")]
    [InlineData("Basic ${env:A}", "Basic ${env:A}")]
    [InlineData("${env:A}${file:/b}", "${env:A}${file:/b}")]
    [InlineData("${env:A}hunter2", "[REDACTED]")]
    [InlineData("Basic hunter2", "[REDACTED]")]
    [InlineData("${env:A:-hunter2}", "${env:A:-[REDACTED]}")]
    public void References_stay(string value, string expected) => Assert.Equal(expected, SecretValues.OfSecret(value));

    [Theory]
    [InlineData("see eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc now", "see [REDACTED] now")]
    [InlineData("glc_eyJvIjoiMTIzNDU2Nzg5MCJ9", "[REDACTED]")]
    [InlineData("Bearer abcdefghijklmnopqrst", "Bearer [REDACTED]")]
    [InlineData("postgres://u:p@ss@db/x", "postgres://u:[REDACTED]@db/x")]
    [InlineData("http://u:${env:P}@db/x", "http://u:${env:P}@db/x")]
    [InlineData("http://h/x?b=1&token=abc#f", "http://h/x?b=1&token=[REDACTED]#f")]
    [InlineData("a plain sentence: with words", "a plain sentence: with words")]
    public void Secrets_are_known_by_their_look_in_any_value(string value, string expected) => Assert.Equal(expected, SecretValues.Of(value));
}
