using System.Net;
using Gantry.Gateway.Receive;
using Gantry.Gateway.Receive.Access;
using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Receive;

public sealed class TokenTests : IDisposable
{
    private const string First = "first-token-0123456789";
    private const string Second = "second-token-0123456789";

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData(First, false)]
    [InlineData($"Basic {First}", false)]
    [InlineData("Bearer ", false)]
    [InlineData($"Bearer {First}x", false)]
    [InlineData("Bearer first-token-012345678", false)]
    [InlineData("Bearer # a comment, long enough", false)]
    [InlineData($"Bearer {First}", true)]
    [InlineData($"bearer   {Second} ", true)]
    public void Only_a_token_of_the_file_lets_in(string? authorization, bool accepted)
    {
        File.WriteAllText(_file, $"# a comment, long enough\n\n{First}\r\n  {Second}  \n");

        Assert.Equal(accepted, new AccessTokens(new ReceiveOptions { TokenFile = _file }).Refuse(authorization) is null);
    }

    [Fact]
    public void A_token_longer_than_any_is_refused_without_trouble() =>
        Assert.NotNull(Tokens(First).Refuse($"Bearer {new string('\u20AC', 100_000)}"));

    [Theory]
    [InlineData("", "there is no token in it")]
    [InlineData("# only a comment", "there is no token in it")]
    [InlineData("short", "line 1: the token has 5 characters; expected 16 to 256")]
    [InlineData("\n\nwith a blank in the middle", "line 3: the token has a character")]
    [InlineData("umlaut-ä-0123456789", "line 1: the token has a character")]
    public void A_wrong_file_is_named_and_no_token_is_shown(string text, string expected)
    {
        File.WriteAllText(_file, text);

        var problem = AccessTokens.Check(new ReceiveOptions { TokenFile = _file });

        Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.Contains(_file, problem, StringComparison.Ordinal);
        Assert.All(text.Split('\n').Where(line => line.Length is > 3 and < 60 && line[0] != '#'), line => Assert.DoesNotContain(line, problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_missing_and_a_variable_that_is_empty_are_named()
    {
        Assert.Contains("--token-file /nowhere/tokens", AccessTokens.Check(new ReceiveOptions { TokenFile = "/nowhere/tokens" }), StringComparison.Ordinal);
        Assert.Contains("--token-env GANTRY_TEST_NONE", AccessTokens.Check(new ReceiveOptions { TokenVariable = "GANTRY_TEST_NONE" }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_may_hold_several()
    {
        Environment.SetEnvironmentVariable("GANTRY_TEST_TOKENS", $"{First} {Second}");

        var tokens = new AccessTokens(new ReceiveOptions { TokenVariable = "GANTRY_TEST_TOKENS" });

        Assert.Null(tokens.Refuse($"Bearer {First}"));
        Assert.Null(tokens.Refuse($"Bearer {Second}"));
    }

    [Fact]
    public async Task Without_a_token_it_is_401_and_UNAUTHENTICATED_and_nothing_is_counted_or_logged()
    {
        await File.WriteAllTextAsync(_file, First);
        await using var gateway = await GatewayFixture.StartAsync(receive: new ReceiveOptions { TokenFile = _file });
        var bytes = Spans.Request("shop", Spans.Span()).ToByteArray();

        var (status, body, response) = await gateway.PostAsync("/v1/traces", bytes);
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (status, response.Headers.WwwAuthenticate.ToString()));
        var answer = RpcStatus.Parser.ParseFrom(body);
        Assert.Equal(16, answer.Code);
        Assert.Contains("OTEL_EXPORTER_OTLP_HEADERS", answer.Message, StringComparison.Ordinal);
        var call = await GrpcCall.SendAsync(gateway.Grpc, GrpcCall.Traces, GrpcCall.Frame(bytes), authorization: $"Bearer {Second}");
        Assert.Equal("16", call.Status);
        Assert.Contains("is not one of those", call.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.GetAsync("/healthz")).StatusCode);

        gateway.Client.DefaultRequestHeaders.Authorization = new("Bearer", First);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", bytes)).Status);
        Assert.Equal("0", (await GrpcCall.SendAsync(gateway.Grpc, GrpcCall.Traces, GrpcCall.Frame(bytes), authorization: $"Bearer {First}")).Status);
        await gateway.CountedAsync(2);
        Assert.DoesNotContain(gateway.Logs.Entries, entry => entry.Message.Contains("token-0123456789", StringComparison.Ordinal));
    }

    [Fact]
    public async Task New_tokens_are_in_force_soon_and_a_file_that_is_wrong_changes_nothing()
    {
        await File.WriteAllTextAsync(_file, First);
        await using var gateway = await GatewayFixture.StartAsync(receive: new ReceiveOptions { TokenFile = _file, ReloadInterval = TimeSpan.FromMilliseconds(50) });
        gateway.Client.DefaultRequestHeaders.Authorization = new("Bearer", Second);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.PostAsync("/v1/traces", [])).Status);

        await File.WriteAllTextAsync(_file, Second);
        await Eventually.True("the second token lets in", () => gateway.PostAsync("/v1/traces", []).GetAwaiter().GetResult().Status == HttpStatusCode.OK);

        await File.WriteAllTextAsync(_file, "short");
        await Eventually.True("a warning", () => gateway.Logs.Entries.Any(entry => entry.Event == "AccessKept"));
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", [])).Status);
    }

    private AccessTokens Tokens(string text)
    {
        File.WriteAllText(_file, text);
        return new AccessTokens(new ReceiveOptions { TokenFile = _file });
    }
}
