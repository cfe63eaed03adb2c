using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Gantry.Hub.Access;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Access;

/// <summary>A hub with an admin, and short words for its callers.</summary>
internal sealed class AccessFixture(HubFixture hub, string admin) : IAsyncDisposable
{
    public HubFixture Hub => hub;

    public string Admin => admin;

    public static async Task<AccessFixture> StartAsync(HubFixture? hub = null)
    {
        hub ??= await HubFixture.StartAsync();
        // Open until this one is made.
        using var response = await hub.Client.PostAsJsonAsync("/api/v1/access/tokens", new TokenRequest("root", "admin"));
        return new AccessFixture(hub, (await response.Content.ReadFromJsonAsync<IssuedToken>())!.Token);
    }

    public async Task<HttpResponseMessage> SendAsync(string token, HttpMethod method, string path, HttpContent? content = null, Action<HttpRequestMessage>? also = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (token.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        also?.Invoke(request);
        return await hub.Client.SendAsync(request);
    }

    public async Task<HttpStatusCode> StatusAsync(string token, HttpMethod method, string path, HttpContent? content = null)
    {
        using var response = await SendAsync(token, method, path, content);
        return response.StatusCode;
    }

    public Task<HttpStatusCode> GetStatusAsync(string token, string path = "/api/v1/summary") => StatusAsync(token, HttpMethod.Get, path);

    public async Task<IssuedToken> TokenAsync(string name, string role, double days = 0) =>
        await IssueAsync(Admin, "/api/v1/access/tokens", new TokenRequest(name, role, days));

    public Task<IssuedToken> EnrolmentAsync(double days = 0, long uses = 0, params (string Key, string Value)[] attributes) =>
        IssueAsync(Admin, "/api/v1/access/enrolments", new EnrolmentRequest("berlin", days, uses, attributes.ToDictionary(pair => pair.Key, pair => pair.Value)));

    public async Task<IssuedToken> IssueAsync<T>(string token, string path, T request)
    {
        using var response = await SendAsync(token, HttpMethod.Post, path, JsonContent.Create(request));
        Assert.True(response.StatusCode == HttpStatusCode.Created, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        Assert.True(response.Headers.CacheControl!.NoStore);
        return (await response.Content.ReadFromJsonAsync<IssuedToken>())!;
    }

    public async Task<T> ReadAsync<T>(string path)
    {
        using var response = await SendAsync(Admin, HttpMethod.Get, path);
        return (await response.Content.ReadFromJsonAsync<T>())!;
    }

    public Task<AuditRow[]> AuditAsync(string what) => ReadAsync<AuditRow[]>($"/api/v1/audit?what={what}&limit=1000");

    public Task<AuditRow> DenialAsync(string words) => Eventually.Get(
        $"a denial with {words}", async () => (await AuditAsync("denied")).FirstOrDefault(row => $"{row}".Contains(words, StringComparison.Ordinal)));

    public ValueTask DisposeAsync() => hub.DisposeAsync();
}
