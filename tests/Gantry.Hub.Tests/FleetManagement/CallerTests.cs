using Gantry.Hub.FleetManagement.Callers;
using Gantry.Protocol.FleetManagement;
using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Hub.Tests.FleetManagement;

public sealed class CallerTests
{
    [Theory]
    [InlineData(null, typeof(NoCredential))]
    [InlineData(" ", typeof(NoCredential))]
    [InlineData("Bearer x", typeof(BearerCredential))]
    [InlineData("bearer  x", typeof(BearerCredential))]
    [InlineData("Bearer ", typeof(UnreadableCredential))]
    [InlineData("Basic YTpiOmM=", typeof(BasicCredential))]
    [InlineData("Basic YWJj", typeof(UnreadableCredential))]
    [InlineData("Basic ***", typeof(UnreadableCredential))]
    [InlineData("Digest x", typeof(UnreadableCredential))]
    public void A_header_is_read_as_what_it_is(string? header, Type type) => Assert.IsType(type, CallerCredential.Read(header));

    [Fact]
    public void A_password_may_hold_a_colon()
    {
        var basic = Assert.IsType<BasicCredential>(CallerCredential.Read("Basic YTpiOmM="));

        Assert.Equal(("a", "b:c"), (basic.User, basic.Password));
    }

    [Fact]
    public async Task Each_call_is_checked_for_what_it_does_before_its_body_is_read()
    {
        var check = new OnlyCollectors();
        await using var hub = await HubFixture.StartAsync(replace: services => services.AddSingleton<ICallerCheck>(check));
        var nobody = new ConnectClient(hub.Client);
        var collector = new ConnectClient(hub.Client) { Authorization = "Bearer collector" };

        var refused = await nobody.PostAsync<TheirFleet.RegisterCollectorResponse>($"{ConnectClient.Collectors}/RegisterCollector", new TheirFleet.RegisterCollectorRequest { Id = "a" });
        _ = (await collector.PostAsync<TheirFleet.RegisterCollectorResponse>($"{ConnectClient.Collectors}/RegisterCollector", new TheirFleet.RegisterCollectorRequest { Id = "a" })).Ok;
        var list = await collector.PostAsync<TheirFleet.Collectors>($"{ConnectClient.Collectors}/ListCollectors", new TheirFleet.ListCollectorsRequest());
        var delete = await collector.PostAsync<TheirFleet.DeletePipelineResponse>($"{ConnectClient.Pipelines}/DeletePipeline", new TheirFleet.DeletePipelineRequest { Id = "a" });

        Assert.Equal((401, "unauthenticated", "no token"), (refused.Status, refused.Code, refused.Error));
        Assert.Equal((403, "permission_denied"), (list.Status, list.Code));
        Assert.Equal((403, "permission_denied"), (delete.Status, delete.Code));
        Assert.Equal([CallerNeed.Collect, CallerNeed.Collect, CallerNeed.Read, CallerNeed.Write], check.Asked);
    }

    private sealed class OnlyCollectors : ICallerCheck
    {
        public List<CallerNeed> Asked { get; } = [];

        public ValueTask<CallerVerdict> CheckAsync(CallerCredential credential, CallerNeed need, CancellationToken cancellation)
        {
            Asked.Add(need);
            return ValueTask.FromResult(
                credential is not BearerCredential { Token: "collector" } ? CallerVerdict.Refused(ConnectCode.Unauthenticated, "no token")
                : need != CallerNeed.Collect ? CallerVerdict.Refused(ConnectCode.PermissionDenied, "for collectors only")
                : CallerVerdict.Welcome("collector"));
        }
    }
}
