using System.Net;
using Gantry.Testing;

namespace Gantry.Hub.Tests.Access;

/// <summary>People in a browser: a token for a session, a session for pages, and nothing for other sites.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly HttpClient _browser = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    [Fact]
    public async Task A_person_is_led_to_the_login_page_and_back_with_a_session()
    {
        await using var access = await AccessFixture.StartAsync();
        _browser.BaseAddress = access.Hub.Client.BaseAddress;
        var viewer = await access.TokenAsync("ada", "viewer");
        using var sent = await SendAsync(HttpMethod.Get, "/services?show=dark");
        Assert.Equal((HttpStatusCode.SeeOther, "/login?return=%2Fservices%3Fshow%3Ddark"), (sent.StatusCode, $"{sent.Headers.Location}"));
        using var page = await SendAsync(HttpMethod.Get, $"{sent.Headers.Location}");
        Assert.Contains("value=\"/services?show=dark\"", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);

        using var entered = await LoginAsync(viewer.Token, "/services?show=dark");

        Assert.Equal((HttpStatusCode.SeeOther, "/services?show=dark"), (entered.StatusCode, $"{entered.Headers.Location}"));
        var cookie = entered.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(viewer.Token, cookie, StringComparison.Ordinal);
        var session = cookie.Split(';')[0];
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, "/services", session)).StatusCode);

        using var left = await SendAsync(HttpMethod.Post, "/logout", session, "same-origin");
        Assert.Equal(HttpStatusCode.SeeOther, left.StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await SendAsync(HttpMethod.Get, "/services", session)).StatusCode);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    public async Task The_way_back_stays_on_this_site(string back)
    {
        await using var access = await AccessFixture.StartAsync();
        _browser.BaseAddress = access.Hub.Client.BaseAddress;

        using var entered = await LoginAsync(access.Admin, back);

        Assert.Equal("/", $"{entered.Headers.Location}");
    }

    [Fact]
    public async Task Machines_and_wrong_tokens_get_no_session()
    {
        await using var access = await AccessFixture.StartAsync();
        _browser.BaseAddress = access.Hub.Client.BaseAddress;
        foreach (var token in new[] { "gto_wrong", "", new string('x', 1000), (await access.TokenAsync("g", "gateway")).Token, (await access.EnrolmentAsync()).Token })
        {
            using var refused = await LoginAsync(token, "/");
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.False(refused.Headers.Contains("Set-Cookie"));
        }

        await access.DenialAsync("not for people");
    }

    [Fact]
    public async Task A_session_changes_nothing_from_another_page_and_ends_with_its_token()
    {
        await using var access = await AccessFixture.StartAsync();
        _browser.BaseAddress = access.Hub.Client.BaseAddress;
        var ada = await access.TokenAsync("ada", "operator");
        using var entered = await LoginAsync(ada.Token, "/");
        var session = entered.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        const string Path = "/api/v1/resources/samplingpolicies/x";

        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Delete, Path, session)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Delete, Path, session, "cross-site")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Delete, Path, session, "same-origin")).StatusCode);

        await access.StatusAsync(access.Admin, HttpMethod.Delete, $"/api/v1/access/tokens/{ada.Credential.Id}");
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Delete, Path, session, "same-origin")).StatusCode);
    }

    [Fact]
    public async Task A_session_opens_no_other()
    {
        await using var access = await AccessFixture.StartAsync();
        _browser.BaseAddress = access.Hub.Client.BaseAddress;
        using var entered = await LoginAsync((await access.TokenAsync("ada", "operator")).Token, "/");
        var session = entered.Headers.GetValues("Set-Cookie").Single().Split(';')[0].Split('=', 2)[1];

        using var again = await LoginAsync(Uri.UnescapeDataString(session), "/");

        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        Assert.False(again.Headers.Contains("Set-Cookie"));
        await access.DenialAsync("a session opens no other");
    }

    [Fact]
    public async Task Sessions_end_after_twelve_hours_and_leave_no_row()
    {
        using var state = new SqliteState();
        await using var access = await AccessFixture.StartAsync(await HubFixture.StartAsync(state));
        _browser.BaseAddress = access.Hub.Client.BaseAddress;
        using var entered = await LoginAsync(access.Admin, "/");
        var session = entered.Headers.GetValues("Set-Cookie").Single().Split(';')[0];

        access.Hub.Time.Jump(TimeSpan.FromHours(12.1));

        Assert.Equal(HttpStatusCode.SeeOther, (await SendAsync(HttpMethod.Get, "/", session)).StatusCode);
        using var again = await LoginAsync(access.Admin, "/");
        Assert.Equal([2], state.Counts("credential"));
    }

    public void Dispose() => _browser.Dispose();

    private Task<HttpResponseMessage> LoginAsync(string token, string back) => _browser.PostAsync("/login", new FormUrlEncodedContent([new("token", token), new("return", back)]));

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string cookie = "", string site = "")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Accept", "text/html");
        if (cookie.Length > 0)
        {
            request.Headers.Add("Cookie", cookie);
        }

        if (site.Length > 0)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        return await _browser.SendAsync(request);
    }
}
