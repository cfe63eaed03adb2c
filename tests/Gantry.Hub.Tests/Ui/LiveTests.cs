using System.Net;
using System.Text;
using Gantry.Hub.Coverage;
using Gantry.Hub.Ui.Live;
using Gantry.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Hub.Tests.Ui;

public class LiveTests : UiTest
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    protected override int MaxViewers => 2;

    private LiveViewers Viewers => Server.Services.GetRequiredService<LiveViewers>();

    [Fact]
    public async Task A_viewer_gets_each_fragment_at_once_and_again_when_it_changes()
    {
        await using var stream = await WatchAsync("/services?q=checkout");

        var (id, first) = await stream.ReadAsync();
        Assert.Equal("list", id);
        Assert.Contains("18.4 req/s", first, StringComparison.Ordinal);

        Estate.Publish(Change("checkout", row => row with { Red = row.Red! with { Rate = 99 } }));
        Time.Advance(Tick);

        var (_, second) = await stream.ReadAsync();
        Assert.Contains("99 req/s", second, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fragment_is_what_a_reload_would_show()
    {
        await using var stream = await WatchAsync("/hosts/app-01");
        var page = await OpenAsync("/hosts/app-01");

        for (var i = 0; i < page.QuerySelectorAll("[data-live]").Length; i++)
        {
            var (id, html) = await stream.ReadAsync();
            var fragment = await ParseAsync(html);
            foreach (var time in page.QuerySelectorAll("time"))
            {
                time.TextContent = "";
            }

            Assert.Equal(Squeeze(page.QuerySelector($"[data-live={id}]")!.TextContent), Squeeze(fragment.Body!.TextContent));
        }
    }

    [Fact]
    public async Task Nothing_is_sent_while_nothing_changes_although_time_passes()
    {
        await using var stream = await WatchAsync("/services");
        await stream.ReadAsync();

        await TickAsync(3);
        Estate.Publish(Change("checkout", row => row with { Red = row.Red! with { Rate = 77 } }));
        Time.Advance(Tick);

        var (_, html) = await stream.ReadAsync();
        Assert.Contains("77 req/s", html, StringComparison.Ordinal);
        Assert.Equal(2, stream.Events);
    }

    [Fact]
    public async Task Two_viewers_of_one_view_cost_one_rendering()
    {
        await using var one = await WatchAsync("/services?q=checkout");
        await one.ReadAsync();
        await using var two = await WatchAsync("/services?sort=&q=checkout&page=1");
        await two.ReadAsync();
        Assert.Single(Viewers.Scopes());

        var before = Estate.Reads;
        Estate.Publish(Change("checkout", row => row with { Red = row.Red! with { Rate = 55 } }));
        Time.Advance(Tick);

        Assert.Contains("55 req/s", (await one.ReadAsync()).Html, StringComparison.Ordinal);
        Assert.Contains("55 req/s", (await two.ReadAsync()).Html, StringComparison.Ordinal);
        Assert.Equal(before + 1, Estate.Reads);
    }

    [Fact]
    public async Task Viewers_are_limited_and_one_that_leaves_makes_room()
    {
        var one = await WatchAsync("/services");
        await using var two = await WatchAsync("/hosts");

        using (var refused = await Client.GetAsync("/live?page=%2Fagents"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.True(refused.Headers.Contains("Retry-After"));
        }

        await one.DisposeAsync();
        await UntilAsync(() => Viewers.Count == 1, "the first viewer has left");
        await using var three = await WatchAsync("/agents");
        Assert.Equal("list", (await three.ReadAsync()).Id);
    }

    [Fact]
    public async Task A_view_that_nobody_watches_is_not_rendered()
    {
        var stream = await WatchAsync("/services");
        await stream.ReadAsync();
        await stream.DisposeAsync();
        await UntilAsync(() => Viewers.Count == 0, "the viewer has left");

        var before = Estate.Reads;
        await TickAsync(3);

        Assert.Empty(Viewers.Scopes());
        Assert.Equal(before, Estate.Reads);
    }

    [Fact]
    public async Task A_rendering_that_fails_is_logged_and_the_stream_goes_on()
    {
        await using var stream = await WatchAsync("/services?q=checkout");
        await stream.ReadAsync();

        Estate.Failure = new InvalidOperationException("for a while");
        Time.Advance(Tick);
        await UntilAsync(() => Logs.Entries.Any(entry => entry.Event == "LiveRenderFailed"), "the failure is logged");
        Estate.Failure = null;
        Estate.Publish(Change("checkout", row => row with { Red = row.Red! with { Rate = 33 } }));
        Time.Advance(Tick);

        Assert.Contains("33 req/s", (await stream.ReadAsync()).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/live", HttpStatusCode.BadRequest)]
    [InlineData("/live?page=https%3A%2F%2Felsewhere.example", HttpStatusCode.BadRequest)]
    [InlineData("/live?page=%2Fservices%2Fnope", HttpStatusCode.NotFound)]
    [InlineData("/live?page=%2Flive", HttpStatusCode.NotFound)]
    public async Task What_is_not_a_page_is_not_live(string url, HttpStatusCode expected)
    {
        using var response = await Client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task A_stopping_hub_ends_its_streams_at_once()
    {
        await using var stream = await WatchAsync("/services");
        await stream.ReadAsync();

        await Server.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    [Fact]
    public void Regions_are_cut_out_of_a_page()
    {
        const string html = "<p><section data-live=\"a\" class=\"x\" aria-label=\"A\">one <section>inner</section></section><!--/live--><section data-live=\"b\"></section><!--/live--></p>";

        Assert.Equal([new LiveRegion("a", "one <section>inner</section>"), new LiveRegion("b", "")], LiveRegions.Cut(html));
    }

    private static Func<EstateSnapshot, EstateSnapshot> Change(string id, Func<ServiceRow, ServiceRow> change) => snapshot =>
        snapshot with { Services = [.. snapshot.Services.Select(row => row.Id == id ? change(row) : row)] };

    private static string Squeeze(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private async Task<LiveStream> WatchAsync(string page)
    {
        var response = await Client.GetAsync("/live?page=" + Uri.EscapeDataString(page), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.ToString());
        return new LiveStream(response, new StreamReader(await response.Content.ReadAsStreamAsync(), Encoding.UTF8));
    }

    /// <summary>Lets the loop see so many ticks. The timer of a fake clock keeps at most one tick, so each is waited out.</summary>
    private async Task TickAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Time.Advance(Tick);
            await Task.Delay(30);
        }
    }

    private static async Task UntilAsync(Func<bool> holds, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
        {
            Assert.False(patience.IsCancellationRequested, $"Expected within {Patience.TotalSeconds} s: {what}.");
            await Task.Delay(10);
        }
    }

    private sealed class LiveStream(HttpResponseMessage response, StreamReader reader) : IAsyncDisposable
    {
        public int Events { get; private set; }

        public async Task<(string Id, string Html)> ReadAsync()
        {
            using var patience = new CancellationTokenSource(Patience);
            string? id = null;
            var html = new StringBuilder();
            while (await reader.ReadLineAsync(patience.Token) is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal))
                {
                    id = line[7..];
                }
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    html.Append(line.AsSpan(6)).Append('\n');
                }
                else if (line.Length == 0 && id is not null)
                {
                    Events++;
                    return (id, html.ToString());
                }
            }

            throw new InvalidOperationException("The stream ended, and a fragment was expected.");
        }

        public ValueTask DisposeAsync()
        {
            reader.Dispose();
            response.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
