using System.IO.Compression;
using System.Net;
using System.Text;
using Gantry.Testing.Otlp;
using Google.Protobuf;

namespace Gantry.Gateway.Tests.Receive;

public class HttpTests
{
    [Fact]
    public async Task Protobuf_is_counted_and_answered_with_an_empty_response()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var (status, body, response) = await gateway.PostAsync("/v1/traces", Spans.Request("shop", Spans.Span(), Spans.Span(status: 2)).ToByteArray());

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Empty(body);
        Assert.Equal("application/x-protobuf", response.Content.Headers.ContentType?.MediaType);
        await gateway.CountedAsync(2);
    }

    [Fact]
    public async Task Gzip_is_inflated()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var (status, _, _) = await gateway.PostAsync("/v1/traces", Gzip(Spans.Request("shop", Spans.Span()).ToByteArray()), encoding: "gzip");

        Assert.Equal(HttpStatusCode.OK, status);
        await gateway.CountedAsync(1);
    }

    [Fact]
    public async Task Json_is_counted_like_protobuf_and_answered_in_json()
    {
        const string Json = """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},"scopeSpans":[{"spans":[
              {"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"eee19b7ec3c1b174","name":"GET /","kind":2,
               "startTimeUnixNano":"1544712660000000000","endTimeUnixNano":1544712661000000000,"status":{"code":2}}]}]}]}
            """;
        await using var gateway = await GatewayFixture.StartAsync();

        var (status, body, response) = await gateway.PostAsync("/v1/traces", Encoding.UTF8.GetBytes(Json), "application/json");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("{}", Encoding.UTF8.GetString(body));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        await gateway.CountedAsync(1);
        var series = Assert.Single(gateway.Sink.Red());
        Assert.Equal(("shop", "GET /", 2, 2), (series.Key.Service, series.Key.Operation, series.Key.Kind, series.Key.Status));
        Assert.Equal(1_000_000_000UL, series.Value.DurationNano);
    }

    [Fact]
    public async Task Json_that_is_larger_than_the_limit_as_protobuf_is_413()
    {
        const int Limit = 64 * 1024;
        await using var gateway = await GatewayFixture.StartAsync(maxRequestBytes: Limit);
        var zeros = string.Join(',', Enumerable.Repeat('0', Limit / 8));
        var json = $$$"""{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"m","histogram":{"dataPoints":[{"bucketCounts":[{{{zeros}}}]}]}}]}]}]}""";

        var (status, body, _) = await gateway.PostAsync("/v1/metrics", Encoding.UTF8.GetBytes(json), "application/json");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("as protobuf", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Zero_and_short_ids_are_refused_one_by_one_and_the_rest_is_accepted()
    {
        await using var gateway = await GatewayFixture.StartAsync(forward: true);
        var zero = Spans.Span("zero");
        zero.TraceId = ByteString.CopyFrom(new byte[16]);
        var shortId = Spans.Span("short");
        shortId.SpanId = ByteString.CopyFrom(1, 2, 3);

        var (status, body, _) = await gateway.PostAsync("/v1/traces", Spans.Request("shop", Spans.Span("good"), zero, shortId).ToByteArray());

        Assert.Equal(HttpStatusCode.OK, status);
        var partial = ExportServiceResponse.Parser.ParseFrom(body).PartialSuccess;
        Assert.Equal(2, partial.Rejected);
        Assert.StartsWith("2 spans refused: trace_id must be 16 bytes", partial.ErrorMessage, StringComparison.Ordinal);
        await gateway.CountedAsync(1);
        var forwarded = ExportTraceServiceRequest.Parser.ParseFrom(Assert.Single(gateway.Sink.Requests).Body);
        Assert.Equal(["good"], forwarded.ResourceSpans.SelectMany(block => block.ScopeSpans).SelectMany(scope => scope.Spans).Select(span => span.Name));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("")]
    [InlineData("application/grpc")]
    public async Task A_wrong_content_type_is_415_and_says_what_to_send(string type)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var (status, body, _) = await gateway.PostAsync("/v1/traces", [1, 2, 3], type);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
        Assert.Contains("application/x-protobuf or application/json", RpcStatus.Parser.ParseFrom(body).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_content_encoding_is_415_and_names_it()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var (status, body, _) = await gateway.PostAsync("/v1/traces", [1], encoding: "br");

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
        Assert.Equal("Content-Encoding \"br\": send gzip, deflate, zstd or none", RpcStatus.Parser.ParseFrom(body).Message);
    }

    [Fact]
    public async Task Malformed_protobuf_is_400_and_says_where()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var bytes = Spans.Request("shop", Spans.Span()).ToByteArray();

        var (status, body, _) = await gateway.PostAsync("/v1/traces", bytes[..^3]);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        var answer = RpcStatus.Parser.ParseFrom(body);
        Assert.Equal(3, answer.Code);
        Assert.Equal("malformed protobuf: resource_spans[0]: a length reaches past the end of the message around it", answer.Message);
        Assert.Equal(0UL, gateway.Sum());
    }

    [Theory]
    [InlineData("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"xyz\"}]}]}]}", "resourceSpans[0].scopeSpans[0].spans[0].traceId: expected hex digits, found \"xyz\"")]
    [InlineData("{\"resourceSpans\":[", "invalid JSON at line 1")]
    [InlineData("[]", "expected an object (ExportTraceServiceRequest), found an array")]
    public async Task Invalid_json_is_400_in_json_and_says_where(string json, string expected)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var (status, body, _) = await gateway.PostAsync("/v1/traces", Encoding.UTF8.GetBytes(json), "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        using var answer = System.Text.Json.JsonDocument.Parse(body);
        Assert.Equal(3, answer.RootElement.GetProperty("code").GetInt32());
        Assert.Contains(expected, answer.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gzip_that_is_cut_off_anywhere_is_400_and_counts_nothing()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var whole = Gzip(Spans.Request("shop", Spans.Span()).ToByteArray());
        for (var length = 1; length < whole.Length; length++)
        {
            var (status, body, _) = await gateway.PostAsync("/v1/traces", whole[..length], encoding: "gzip");

            Assert.Equal((length, HttpStatusCode.BadRequest), (length, status));
            Assert.Contains("not a complete gzip stream", RpcStatus.Parser.ParseFrom(body).Message, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", whole, encoding: "GZIP")).Status);
        await gateway.CountedAsync(1);
    }

    [Theory]
    [InlineData("/v1/profiles")]
    [InlineData("/v1/trace")]
    [InlineData("/")]
    [InlineData("/opentelemetry.proto.collector.trace.v1.TraceService/Export")]
    public async Task A_wrong_path_is_404_and_says_which_there_are(string path)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var (status, body, _) = await gateway.PostAsync(path, Spans.Request("shop", Spans.Span()).ToByteArray(), path.Contains("Service", StringComparison.Ordinal) ? "application/grpc" : "application/x-protobuf");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("POST /v1/traces, /v1/metrics, /v1/logs or /v1development/profiles", RpcStatus.Parser.ParseFrom(body).Message, StringComparison.Ordinal);
        Assert.Equal(0UL, gateway.Sum());
    }

    [Fact]
    public async Task A_gzip_bomb_stops_at_the_limit_and_the_next_request_is_served()
    {
        await using var gateway = await GatewayFixture.StartAsync(maxRequestBytes: 1024 * 1024);
        var bomb = Gzip(new byte[128 * 1024 * 1024]);
        var before = GC.GetTotalAllocatedBytes();

        var (status, body, _) = await gateway.PostAsync("/v1/traces", bomb, encoding: "gzip");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("1048576 bytes after decompression", RpcStatus.Parser.ParseFrom(body).Message, StringComparison.Ordinal);
        Assert.True(GC.GetTotalAllocatedBytes() - before < 64 * 1024 * 1024, "the bomb was inflated");
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", Spans.Request("shop", Spans.Span()).ToByteArray())).Status);
        await gateway.CountedAsync(1);
    }

    [Fact]
    public async Task A_hundred_megabyte_body_is_413()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/traces") { Content = new ByteArrayContent(new byte[100 * 1024 * 1024]) };
        request.Content.Headers.ContentType = new("application/x-protobuf");
        // The answer comes before the body is sent when the client asks first, as large senders do.
        request.Headers.ExpectContinue = true;

        using var response = await gateway.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", Spans.Request("shop", Spans.Span()).ToByteArray())).Status);
    }

    [Fact]
    public async Task Random_bytes_never_harm_the_process()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var random = new Random(7);
        foreach (var path in new[] { "/v1/traces", "/v1/metrics", "/v1/logs" })
        {
            for (var i = 0; i < 100; i++)
            {
                var bytes = new byte[random.Next(1, 400)];
                random.NextBytes(bytes);
                var (status, _, _) = await gateway.PostAsync(path, bytes, i % 2 == 0 ? "application/x-protobuf" : "application/json", i % 5 == 0 ? "gzip" : null);
                Assert.True(status is HttpStatusCode.BadRequest or HttpStatusCode.OK, $"{path} answered {status}");
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await gateway.PostAsync("/v1/traces", Spans.Request("shop", Spans.Span()).ToByteArray())).Status);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return buffer.ToArray();
    }
}
