using Microsoft.Playwright;

namespace Gantry.Browser.Tests;

/// <summary>Each page in each size and theme: nothing sticks out, nothing complains. Leaves a screenshot of each.</summary>
public class LookTests(HubPages hub) : IClassFixture<HubPages>
{
    public static TheoryData<string, string> Pages => new()
    {
        { "home", "/" },
        { "services", "/services" },
        { "services-dark", "/services?show=dark" },
        { "services-none", "/services?q=nothing+like+this" },
        { "service", "/services/checkout" },
        { "service-dark", "/services/billing-batch" },
        { "service-stale", "/services/print-planning" },
        { "service-around", "/services/frontpage" },
        { "findings", "/findings" },
        { "journeys", "/journeys" },
        { "journey-hops", "/journeys/subscribe" },
        { "journey-folded", "/journeys/morning" },
        { "journey-unseen", "/journeys/cancel" },
        { "steps", "/steps" },
        { "campaigns-none", "/campaigns" },
        { "hosts", "/hosts" },
        { "host", "/hosts/app-01" },
        { "host-stale", "/hosts/edge-ams-1" },
        { "agents", "/agents" },
        { "agent", "/agents/0192f3a1-7c4e-7b32-9d61-5e0c41d7aa70" },
        { "sampling", "/sampling" },
        { "pipeline-none", "/pipelines/_new" },
        { "notfound", "/services/no-such-service" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_page_fits_and_does_not_complain(string name, string path)
    {
        foreach (var width in (int[])[1440, 800])
        {
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await using var visit = await hub.VisitAsync(path, width, scheme);

                var overflow = await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
                await Screenshots.TakeAsync(visit.Page, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}");

                Assert.True(overflow <= 0, $"{path} sticks out by {overflow} px at {width} px.");
                Assert.DoesNotContain(visit.Complaints, complaint => path.Contains("no-such", StringComparison.Ordinal) ? !complaint.Contains("404", StringComparison.Ordinal) : true);
            }
        }
    }
}
