using Gantry.Estate.Use;
using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Changes;
using Gantry.Hub.Journeys;
using Gantry.Hub.Tests.Pipelines;
using Gantry.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Hub.Tests.Coverage;

/// <summary>A snapshot that cannot be made, for a reason that nobody thought of, must not end the hub, nor keep it from starting.</summary>
public class TroubledEstateTests
{
    private const string Changes = "Writing what changed failed";

    private const string Campaigns = "Writing how far campaigns are failed";

    [Fact]
    public async Task The_hub_goes_on_and_says_it_once()
    {
        using var state = new SqliteState();
        TroubledEstate? estate = null;
        await using (var first = await StartAsync(state, isTroubled: false, made => estate = made))
        {
            using var content = new StringContent(Documents.Head("Campaign", "shop") + "  services: {namespace: shop}\n  target: baseline\n  by: 2026-12-18\n", System.Text.Encoding.UTF8, "application/yaml");
            (await first.Client.PutAsync("/api/v1/resources/campaigns/shop", content)).EnsureSuccessStatusCode();
            estate!.IsTroubled = true;
            first.Logs.Expect("RoundFailed");
            for (var beat = 0; beat < 600 && !(Said(first, Changes) && Said(first, Campaigns)); beat++)
            {
                first.Time.Advance(TimeSpan.FromSeconds(10));
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            first.Room<ChangeWatch>().Run();
            first.Room<ChangeWatch>().Run();

            var said = Assert.Single(first.Logs.Entries, entry => Tells(entry, Changes));
            Assert.Contains("nobody thought of", said.Message, StringComparison.Ordinal);
            // Where in the code, too.
            Assert.NotNull(said.Exception);
            Assert.Single(first.Logs.Entries, entry => Tells(entry, Campaigns));
            Assert.False(first.Stopped.IsCancellationRequested);
            estate.IsTroubled = false;
            Assert.Empty(await first.GetAsync<ServiceRow[]>("services"));
        }

        await using var second = await StartAsync(state, isTroubled: true, made => estate = made);
        second.Logs.Expect("RoundFailed");
        Assert.True(Said(second, Campaigns));
        estate!.IsTroubled = false;
        Assert.Empty(await second.GetAsync<ServiceRow[]>("services"));
    }

    private static bool Said(HubFixture hub, string what) => hub.Logs.Entries.Any(entry => Tells(entry, what));

    private static bool Tells(TestLogs.Entry entry, string what) => entry.Event == "RoundFailed" && entry.Message.StartsWith(what, StringComparison.Ordinal);

    private static Task<HubFixture> StartAsync(SqliteState state, bool isTroubled, Action<TroubledEstate> made) => HubFixture.StartAsync(
        state.Folder, database: state.Database, replace: services => services.AddSingleton<EstateQueries>(provider =>
        {
            var estate = new TroubledEstate(new PlannedEstate(provider.GetRequiredService<EstateView>(), provider.GetRequiredService<IJourneySource>())) { IsTroubled = isTroubled };
            made(estate);
            return estate;
        }));

    private sealed class TroubledEstate(EstateQueries estate) : EstateQueries
    {
        public volatile bool IsTroubled;

        public override EstateSnapshot Current => IsTroubled ? throw new InvalidOperationException("something that nobody thought of") : estate.Current;

        public override IReadOnlyList<UsePoint> HostUse(string hostId, TimeSpan span) => estate.HostUse(hostId, span);

        public override IReadOnlyList<RedPoint> ServiceRed(string serviceId, TimeSpan span) => estate.ServiceRed(serviceId, span);

        public override IReadOnlyList<OperationRow> Operations(string serviceId) => estate.Operations(serviceId);

        public override IReadOnlyList<RedPoint> OperationRed(string serviceId, string operation, TimeSpan span) => estate.OperationRed(serviceId, operation, span);

        public override ServiceNeighbours Neighbours(string serviceId) => estate.Neighbours(serviceId);
    }
}
