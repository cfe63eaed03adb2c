using Gantry.Hub.Fleet.Certificates;
using Gantry.Hub.Fleet.Credentials;
using Gantry.Hub.Fleet.Transport;
using Gantry.Hub.Fleet.Views;

namespace Gantry.Hub.Fleet;

/// <summary>The OpAMP door and what stands behind it.</summary>
internal static class FleetRegistration
{
    public static IServiceCollection AddFleet(this IServiceCollection services, FleetOptions options) => services
        .AddSingleton(options)
        .AddSingleton<CertificateAuthority>()
        .AddSingleton<Signing>()
        .AddSingleton<AgentCredentials>()
        .AddSingleton<FleetStore>()
        .AddSingleton<IFleetDoor, OpAmpDoor>()
        .AddSingleton<FleetView>()
        .AddSingleton<FleetQueries>(static services => services.GetRequiredService<FleetView>())
        .AddSingleton<SocketTable>()
        .AddSingleton<Admission>()
        .AddSingleton<PlainHttp>()
        .AddSingleton<OpAmpEndpoint>()
        .AddHostedService<RevocationNotices>()
        .AddHostedService<FleetSweep>();

    public static void MapFleet(this IEndpointRouteBuilder app)
    {
        app.Map("/v1/opamp", app.ServiceProvider.GetRequiredService<OpAmpEndpoint>().HandleAsync).DisableHttpMetrics();
        app.MapAgents();
        app.MapAgentCredentials();
    }
}
