using System.Text;
using Gantry.Hub.FleetManagement.Collectors;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.Tests.FleetManagement;

public sealed class FailureTextTests
{
    [Theory]
    [InlineData("unavailable: dial tcp 127.0.0.1:4320: connect: connection refused", true)]
    [InlineData("unavailable: 503 Service Unavailable", true)]
    [InlineData("unauthenticated: the token is not known", true)]
    [InlineData("deadline_exceeded: context deadline exceeded", true)]
    [InlineData("resource_exhausted: too many requests", true)]
    [InlineData("Post \"http://hub/collector.v1.CollectorService/GetConfig\": dial tcp: lookup hub: no such host", true)]
    [InlineData("remotecfg:3:5: missing required attribute \"forward_to\"", false)]
    [InlineData("Failed to build component: listen tcp 0.0.0.0:3100: bind: address already in use", false)]
    [InlineData("could not perform the initial load successfully", false)]
    [InlineData("", false)]
    public void Failures_of_transport_are_told_apart_from_those_of_loading(string message, bool isOfTransport) => Assert.Equal(isOfTransport, FailureText.IsOfTransport(message));

    [Theory]
    [InlineData("password = \"hunter2\"")]
    [InlineData("bearer_token=`hunter2`")]
    [InlineData("client_secret   =   \"a\\\"hunter2\"")]
    [InlineData("headers = { \"X-Api-Key\" = \"hunter2\" }")]
    [InlineData("headers = { \"Authorization\" = \"Basic aHVudGVyMjp4hunter2\" }")]
    [InlineData("value = \"Bearer 1234hunter2\"")]
    [InlineData("url = \"https://user:hunter2@example.com/\"")]
    [InlineData("connection_string = \"Server=x;Password=hunter2\"")]
    [InlineData("password = \"hunter2 and the text ends here")]
    [InlineData("private_key = `-----BEGIN\nhunter2\n-----END`")]
    public void Literal_secrets_are_taken_out(string text)
    {
        var redacted = DiagnosticRedaction.Redact(text);

        Assert.DoesNotContain("hunter2", redacted, StringComparison.Ordinal);
        Assert.Contains(DiagnosticRedaction.Mark, redacted, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password = env(\"PASSWORD\")")]
    [InlineData("bearer_token = local.file.token.content")]
    [InlineData("url = \"https://example.com/push\"")]
    [InlineData("forward_to = [prometheus.remote_write.default.receiver]")]
    public void References_and_everything_else_stay(string text) => Assert.Equal(text, DiagnosticRedaction.Redact(text));

    [Fact]
    public void Text_that_is_made_to_be_slow_is_done_in_time_or_given_up()
    {
        var texts = new[] { new string('a', 200_000), string.Concat(Enumerable.Repeat("token", 40_000)), "token = \"" + new string('\\', 200_000), string.Concat(Enumerable.Repeat("a://", 50_000)) };

        Assert.All(texts, text => Assert.NotNull(DiagnosticRedaction.Redact(text)));
    }

    [Fact]
    public void A_text_that_is_too_long_is_cut_and_no_part_of_a_secret_stays()
    {
        var body = $"// {new string('/', EffectiveConfigs.LongestText - 20)}\nx \"y\" {{ password = \"{new string('x', 100)}hunter2\" }}";
        var config = new EffectiveConfig { ConfigMap = new() { ConfigMap = { [""] = new() { Body = Encoding.UTF8.GetBytes(body) } } } };

        var text = EffectiveConfigs.TextOf(config);

        Assert.DoesNotContain("xxx", text, StringComparison.Ordinal);
        Assert.EndsWith("cut by the hub\n", text, StringComparison.Ordinal);
    }
}
