using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;

namespace Gantry.Hub.Tests.FleetManagement;

/// <summary>Unary Connect as Go's client of it speaks: what is sent is written by Google's library, and answers are checked as strictly as that client does.</summary>
internal sealed class ConnectClient(HttpClient http)
{
    public const string Collectors = "collector.v1.CollectorService";
    public const string Pipelines = "pipeline.v1.PipelineService";

    public string UserAgent { get; init; } = "connect-go/1.18.1 (go1.25.0)";

    /// <summary>"/alloy": what the base URL has behind the host.</summary>
    public string Prefix { get; init; } = "";

    public string Authorization { get; init; } = "";

    /// <summary>Compresses what it sends.</summary>
    public bool SendGzip { get; init; }

    public Task<Answer<T>> PostAsync<T>(string method, IMessage request)
        where T : IMessage<T>, new()
    {
        var body = SendGzip ? Gzip(request.ToByteArray()) : request.ToByteArray();
        var message = new HttpRequestMessage(HttpMethod.Post, Prefix + "/" + method) { Content = new ByteArrayContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/proto");
        message.Headers.Add("Connect-Protocol-Version", "1");
        if (SendGzip)
        {
            message.Content.Headers.ContentEncoding.Add("gzip");
        }

        return SendAsync<T>(message);
    }

    /// <summary>As clients configured for GET call what has no side effects.</summary>
    public Task<Answer<T>> GetAsync<T>(string method, IMessage request)
        where T : IMessage<T>, new()
    {
        var body = SendGzip ? Gzip(request.ToByteArray()) : request.ToByteArray();
        var text = Convert.ToBase64String(body).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var query = $"?base64=1{(SendGzip ? "&compression=gzip" : "")}&connect=v1&encoding=proto&message={text}";
        return SendAsync<T>(new HttpRequestMessage(HttpMethod.Get, Prefix + "/" + method + query));
    }

    /// <summary>JSON by POST, as scripts and tools without generated code do it; no version header.</summary>
    public async Task<(int Status, JsonElement Body)> JsonAsync(string method, string json, string? contentType = "application/json")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        using var message = new HttpRequestMessage(HttpMethod.Post, Prefix + "/" + method) { Content = content };
        Authorise(message);
        using var response = await http.SendAsync(message);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        return ((int)response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement);
    }

    private async Task<Answer<T>> SendAsync<T>(HttpRequestMessage message)
        where T : IMessage<T>, new()
    {
        using (message)
        {
            message.Headers.Add("Accept-Encoding", "gzip");
            message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
            Authorise(message);
            using var response = await http.SendAsync(message);
            var body = await response.Content.ReadAsByteArrayAsync();
            var type = response.Content.Headers.ContentType?.ToString();
            if (response.IsSuccessStatusCode)
            {
                Assert.Equal("application/proto", type);
                var zipped = response.Content.Headers.ContentEncoding.SingleOrDefault() == "gzip";
                var parser = new MessageParser<T>(static () => new T());
                return new Answer<T>(parser.ParseFrom(zipped ? Gunzip(body) : body), "", "", 200, zipped);
            }

            Assert.Equal("application/json", type);
            Assert.Empty(response.Content.Headers.ContentEncoding);
            var error = JsonDocument.Parse(body).RootElement;
            return new Answer<T>(default, error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!, (int)response.StatusCode, Zipped: false);
        }
    }

    private void Authorise(HttpRequestMessage message)
    {
        if (Authorization.Length > 0)
        {
            message.Headers.TryAddWithoutValidation("Authorization", Authorization);
        }
    }

    public static byte[] Gzip(byte[] bytes)
    {
        var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return target.ToArray();
    }

    private static byte[] Gunzip(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        var target = new MemoryStream();
        gzip.CopyTo(target);
        return target.ToArray();
    }
}

/// <param name="Code">"" when the call succeeded.</param>
internal sealed record Answer<T>(T? Message, string Code, string Error, int Status, bool Zipped)
{
    public T Ok => Code.Length == 0 ? Message! : throw new Xunit.Sdk.XunitException($"{Code}: {Error}");
}
