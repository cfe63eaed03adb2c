using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;

namespace Gantry.Hub.Tests.FleetManagement;

/// <summary>The wire of unary Connect, call by call over real sockets.</summary>
public sealed class ConnectTests : IAsyncLifetime
{
    private const string GetConfig = $"{ConnectClient.Collectors}/GetConfig";
    private const string Register = $"{ConnectClient.Collectors}/RegisterCollector";

    private readonly TestAssignments _assignments = new();
    private HubFixture _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _assignments.Set("// a configuration\n");
        _hub = await _assignments.StartHubAsync();
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Protobuf_by_POST_is_answered_in_protobuf()
    {
        var answer = await new ConnectClient(_hub.Client).PostAsync<TheirFleet.GetConfigResponse>(GetConfig, new TheirFleet.GetConfigRequest { Id = "a" });

        Assert.Equal("// a configuration\n", answer.Ok.Content);
    }

    [Fact]
    public async Task JSON_by_POST_without_a_version_is_answered_in_JSON()
    {
        var (status, body) = await new ConnectClient(_hub.Client).JsonAsync(GetConfig, """{"id":"a","local_attributes":{"env":"prod"}}""");

        Assert.Equal(200, status);
        Assert.Equal("// a configuration\n", body.GetProperty("content").GetString());
        Assert.Equal(TestAssignments.HashOf("// a configuration\n"), body.GetProperty("hash").GetString());
        Assert.Equal("prod", _assignments.LastAsked!.Attributes["env"]);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON;charset=\"UTF-8\"")]
    public async Task A_charset_of_UTF_8_is_the_same_type(string contentType) =>
        Assert.Equal(200, (await new ConnectClient(_hub.Client).JsonAsync(GetConfig, """{"id":"a"}""", contentType)).Status);

    [Theory, InlineData(false), InlineData(true)]
    public async Task GET_carries_the_message_in_the_address(bool gzip)
    {
        var answer = await new ConnectClient(_hub.Client) { SendGzip = gzip }.GetAsync<TheirFleet.GetConfigResponse>(GetConfig, new TheirFleet.GetConfigRequest { Id = "a" });

        Assert.Equal("// a configuration\n", answer.Ok.Content);
    }

    [Fact]
    public async Task GET_takes_JSON_that_is_only_URL_encoded()
    {
        var body = await _hub.Client.GetStringAsync($"/{GetConfig}?encoding=json&message={Uri.EscapeDataString("""{"id":"a"}""")}");

        Assert.Contains("a configuration", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GET_with_a_hundred_long_attributes_fits_into_the_address()
    {
        var request = new TheirFleet.GetConfigRequest { Id = "a" };
        for (var i = 0; i < 100; i++)
        {
            request.LocalAttributes.Add($"attribute-{i:D3}{new string('k', 80)}", new string('v', 150));
        }

        var answer = await new ConnectClient(_hub.Client).GetAsync<TheirFleet.GetConfigResponse>(GetConfig, request);

        Assert.Equal("// a configuration\n", answer.Ok.Content);
        Assert.Equal(100, _assignments.LastAsked!.Attributes.Count);
    }

    [Theory]
    [InlineData("encoding=proto&base64=1", "message")]
    [InlineData("encoding=proto&base64=1&message=*", "message")]
    [InlineData("encoding=proto&base64=1&message=&connect=v2", "connect=v2")]
    [InlineData("encoding=proto&base64=1&message=eA&compression=gzip", "gzip")]
    [InlineData("encoding=json&message=x", "JSON")]
    public async Task GET_that_is_wrong_is_told_what(string query, string named)
    {
        using var response = await _hub.Client.GetAsync($"/{GetConfig}?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"code\":\"invalid_argument\"", body, StringComparison.Ordinal);
        Assert.Contains(named, body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_what_has_no_side_effects_is_called_by_GET()
    {
        using var response = await _hub.Client.GetAsync($"/{Register}?encoding=proto&base64=1&message=");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("POST", string.Join(", ", response.Content.Headers.Allow));
    }

    [Fact]
    public async Task Gzip_is_read_and_written()
    {
        _assignments.Set(new string('/', 5000));
        var client = new ConnectClient(_hub.Client) { SendGzip = true };

        var answer = await client.PostAsync<TheirFleet.GetConfigResponse>(GetConfig, new TheirFleet.GetConfigRequest { Id = "a" });

        Assert.Equal(5000, answer.Ok.Content.Length);
        Assert.True(answer.Zipped);
    }

    [Fact]
    public async Task Another_compression_is_unimplemented()
    {
        using var content = new ByteArrayContent([]) { Headers = { ContentType = new("application/proto"), ContentEncoding = { "br" } } };
        using var response = await _hub.Client.PostAsync($"/{GetConfig}", content);

        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
        Assert.Equal("""{"code":"unimplemented","message":"compression \"br\": expected gzip or identity"}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/connect+proto")]
    [InlineData("application/json; charset=latin-1")]
    [InlineData(null)]
    public async Task Another_content_type_is_415_with_those_accepted(string? type)
    {
        using var content = new ByteArrayContent([]) { Headers = { ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type) } };
        using var response = await _hub.Client.PostAsync($"/{GetConfig}", content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("application/json, application/proto", response.Headers.GetValues("Accept-Post").Single());
    }

    [Fact]
    public async Task A_method_that_is_not_there_is_404_and_unimplemented()
    {
        var answer = await new ConnectClient(_hub.Client).PostAsync<TheirFleet.GetConfigResponse>($"{ConnectClient.Collectors}/Nothing", new TheirFleet.GetConfigRequest());

        Assert.Equal((404, "unimplemented"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Whatever_path_a_proxy_leaves_before_the_service_is_passed_over()
    {
        var client = new ConnectClient(_hub.Client) { Prefix = "/grafana/alloy" };

        Assert.Equal("// a configuration\n", (await client.PostAsync<TheirFleet.GetConfigResponse>(GetConfig, new TheirFleet.GetConfigRequest { Id = "a" })).Ok.Content);
    }

    [Fact]
    public async Task Bytes_that_are_no_message_are_an_invalid_argument()
    {
        using var content = new ByteArrayContent([0x0A, 0x7F]) { Headers = { ContentType = new("application/proto") } };
        using var response = await _hub.Client.PostAsync($"/{GetConfig}", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("""{"code":"invalid_argument","message":"the body is not a GetConfigRequest in protobuf (LengthPastEnd)"}""", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Connect-Protocol-Version", "2")]
    [InlineData("Connect-Timeout-Ms", "soon")]
    [InlineData("Connect-Timeout-Ms", "12345678901")]
    public async Task Headers_that_are_wrong_are_named(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{GetConfig}") { Content = new ByteArrayContent([]) { Headers = { ContentType = new("application/proto") } } };
        request.Headers.Add(header, value);
        using var response = await _hub.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains($"{header}: {value}", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clients_timeout_ends_a_body_that_does_not_come()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _hub.Client.BaseAddress!.Port);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /{GetConfig} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/proto\r\nContent-Length: 100\r\nConnect-Timeout-Ms: 1500\r\nConnection: close\r\n\r\n\n"));
        var answer = ReadErrorAsync(stream);
        while (!answer.IsCompleted)
        {
            // The hub may not have got to its deadline yet: then the next second finds it.
            _hub.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(answer, Task.Delay(20));
        }

        Assert.StartsWith("HTTP/1.1 504", await answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"deadline_exceeded\"", await answer, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_message_that_is_too_large_also_when_inflated_is_resource_exhausted(bool gzip)
    {
        var request = new TheirFleet.GetConfigRequest { Id = "a", EffectiveConfig = new() { ConfigMap = new() } };
        request.EffectiveConfig.ConfigMap.ConfigMap.Add("", new TheirFleet.AgentConfigFile { Body = ByteString.CopyFrom(new byte[17 * 1024 * 1024]) });

        var answer = await new ConnectClient(_hub.Client) { SendGzip = gzip }.PostAsync<TheirFleet.GetConfigResponse>(GetConfig, request);

        Assert.Equal((429, "resource_exhausted"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Another_page_in_a_browser_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{GetConfig}") { Content = new ByteArrayContent([]) { Headers = { ContentType = new("application/json") } } };
        request.Headers.Add("Origin", "https://elsewhere.example");
        using var response = await _hub.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    /// <summary>The answer up to the end of its JSON; the connection may end any way behind it.</summary>
    private static async Task<string> ReadErrorAsync(Stream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[1024];
        int read;
        while (!text.ToString().EndsWith('}') && (read = await stream.ReadAsync(buffer)) > 0)
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return text.ToString();
    }
}
