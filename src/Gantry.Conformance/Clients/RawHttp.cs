using System.Net.Http.Headers;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Conformance.Clients;

/// <summary>What came back, as it was on the wire: nothing is unpacked.</summary>
internal sealed record HttpAnswer(int Status, string? ContentType, string? ContentEncoding, string? RetryAfter, byte[] Body)
{
    public ServerToAgent Message() => WireMessage.TryRead<ServerToAgent>(Body, out var error) ?? throw new CheckFailedException($"the answer is not a ServerToAgent message: {error}");
}

internal sealed class RawHttp(Uri url, string? token, TimeSpan patience) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, UseProxy = !url.IsLoopback, ActivityHeadersPropagator = null }) { Timeout = patience };

    public async Task<HttpAnswer> PostAsync(byte[] body, string? type = "application/x-protobuf", string? encoding = null, string? accept = null, string? uid = null, string? bearer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
        {
            request.Content.Headers.ContentEncoding.Add(encoding);
        }

        Add("Accept-Encoding", accept);
        Add("OpAMP-Instance-UID", uid);
        Add("Authorization", (bearer ?? token) is { Length: > 0 } secret ? $"Bearer {secret}" : null);
        return await SendAsync(request);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    public async Task<HttpAnswer> GetAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        return await SendAsync(request);
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpAnswer> SendAsync(HttpRequestMessage request)
    {
        using var response = await _client.SendAsync(request);
        return new HttpAnswer(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.ToString(),
            response.Content.Headers.ContentEncoding.FirstOrDefault(),
            response.Headers.TryGetValues("Retry-After", out var values) ? values.First() : null,
            await response.Content.ReadAsByteArrayAsync());
    }
}
