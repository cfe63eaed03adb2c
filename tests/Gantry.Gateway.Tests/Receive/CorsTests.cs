using System.Net;
using Gantry.Gateway.Receive;
using Gantry.Gateway.Receive.Access;

namespace Gantry.Gateway.Tests.Receive;

public class CorsTests
{
    private static readonly ReceiveOptions Options = new() { CorsOrigins = ["https://shop.example", "https://*.shop.example:8443"] };

    [Theory]
    [InlineData("https://shop.example", "https://shop.example", true)]
    [InlineData("https://shop.example", "HTTPS://Shop.Example", true)]
    [InlineData("https://shop.example", "http://shop.example", false)]
    [InlineData("https://shop.example", "https://shop.example:8443", false)]
    [InlineData("https://shop.example", "https://shop.example.evil.test", false)]
    [InlineData("https://*.shop.example", "https://a.shop.example", true)]
    [InlineData("https://*.shop.example", "https://a.b.shop.example", true)]
    [InlineData("https://*.shop.example", "https://shop.example", false)]
    [InlineData("https://*.shop.example", "https://.shop.example", false)]
    [InlineData("https://*.shop.example", "https://evil.test/.shop.example", false)]
    [InlineData("https://*.shop.example", "https://evil.test#.shop.example", false)]
    [InlineData("https://*.shop.example", "https://evil.test:1.shop.example", false)]
    [InlineData("https://*.shop.example", "null", false)]
    public void An_origin_matches_whole(string pattern, string origin, bool matches) => Assert.Equal(matches, Cors.Matches(pattern, origin));

    [Theory]
    [InlineData("*")]
    [InlineData("https://*")]
    [InlineData("*.shop.example")]
    [InlineData("https://shop.*")]
    [InlineData("https://*shop.example")]
    [InlineData("https://*.*.example")]
    [InlineData("https://shop.example/")]
    [InlineData("https://user@shop.example")]
    [InlineData("ftp://shop.example")]
    [InlineData("null")]
    public void A_pattern_that_is_too_wide_or_no_origin_is_refused(string pattern) =>
        Assert.Contains(new GatewayOptions { Receive = new ReceiveOptions { CorsOrigins = [pattern] } }.Validate(), problem => problem.StartsWith($"--cors-origin {pattern}:", StringComparison.Ordinal));

    [Fact]
    public void Good_patterns_pass() => Assert.Empty(new GatewayOptions { Receive = Options }.Validate());

    [Fact]
    public async Task A_named_origin_may_ask_and_send_and_read_the_answer()
    {
        await using var gateway = await GatewayFixture.StartAsync(receive: Options);

        using var preflight = await SendAsync(gateway, HttpMethod.Options, "https://a.shop.example:8443");
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal("https://a.shop.example:8443", Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Equal("POST", Header(preflight, "Access-Control-Allow-Methods"));
        Assert.Equal("content-type, content-encoding, authorization", Header(preflight, "Access-Control-Allow-Headers"));
        Assert.Equal("7200", Header(preflight, "Access-Control-Max-Age"));

        using var answer = await SendAsync(gateway, HttpMethod.Post, "https://shop.example");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("https://shop.example", Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal("Origin", Header(answer, "Vary"));
    }

    [Fact]
    public async Task Another_origin_is_refused_in_the_preflight_and_gets_no_leave_to_read()
    {
        await using var gateway = await GatewayFixture.StartAsync(receive: Options);

        using var preflight = await SendAsync(gateway, HttpMethod.Options, "https://evil.test");
        Assert.Equal((HttpStatusCode.Forbidden, ""), (preflight.StatusCode, Header(preflight, "Access-Control-Allow-Origin")));
        using var answer = await SendAsync(gateway, HttpMethod.Post, "https://evil.test");
        Assert.Equal("", Header(answer, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_preflight_needs_no_token_and_a_refusal_can_be_read_by_the_page()
    {
        Environment.SetEnvironmentVariable("GANTRY_TEST_CORS", "a-token-0123456789");
        await using var gateway = await GatewayFixture.StartAsync(receive: Options with { TokenVariable = "GANTRY_TEST_CORS" });

        using var preflight = await SendAsync(gateway, HttpMethod.Options, "https://shop.example");
        using var answer = await SendAsync(gateway, HttpMethod.Post, "https://shop.example");

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal((HttpStatusCode.Unauthorized, "https://shop.example"), (answer.StatusCode, Header(answer, "Access-Control-Allow-Origin")));
    }

    private static async Task<HttpResponseMessage> SendAsync(GatewayFixture gateway, HttpMethod method, string origin)
    {
        using var request = new HttpRequestMessage(method, "/v1/traces");
        request.Headers.Add("Origin", origin);
        if (method == HttpMethod.Options)
        {
            request.Headers.Add("Access-Control-Request-Method", "POST");
            request.Headers.Add("Access-Control-Request-Headers", "content-type");
        }
        else
        {
            request.Content = new ByteArrayContent([]);
            request.Content.Headers.ContentType = new("application/x-protobuf");
        }

        return await gateway.Client.SendAsync(request);
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";
}
