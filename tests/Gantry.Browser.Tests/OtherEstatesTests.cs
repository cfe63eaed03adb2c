using Gantry.Testing;
using Microsoft.Playwright;

namespace Gantry.Browser.Tests;

/// <summary>The pages of an estate that has nothing yet, and of one that has very much.</summary>
public class OtherEstatesTests(HubPages hub) : IClassFixture<HubPages>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/services")]
    [InlineData("/hosts")]
    [InlineData("/agents")]
    [InlineData("/findings")]
    public async Task Nothing_yet(string path)
    {
        hub.Estate.Publish(Estates.Empty(TimeProvider.System.GetUtcNow()));

        await LookAsync(path, "empty" + path.Replace('/', '-'));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/services?sort=rate&dir=desc&page=2")]
    public async Task Very_much(string path)
    {
        hub.Estate.Publish(Estates.Large(100_000, TimeProvider.System.GetUtcNow()));

        await LookAsync(path, path.Length == 1 ? "large-home" : "large-services");
    }

    private async Task LookAsync(string path, string name)
    {
        foreach (var width in (int[])[1440, 800, 390])
        {
            await using var visit = await hub.VisitAsync(path, width, width == 800 ? ColorScheme.Dark : ColorScheme.Light);

            await Screenshots.TakeAsync(visit.Page, $"{name.TrimEnd('-')}-{width}");
            var overflow = await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

            Assert.True(overflow <= 0, $"{path} sticks out by {overflow} px at {width} px.");
            Assert.Empty(visit.Complaints);
        }
    }
}
