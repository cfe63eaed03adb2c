using Gantry.Hub.Fleet.Views;
using Gantry.Hub.FleetManagement.Callers;
using Gantry.Hub.FleetManagement.Collectors;
using Gantry.Hub.FleetManagement.Connect;
using Gantry.Hub.FleetManagement.Pipelines;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Gantry.Hub.FleetManagement;

/// <summary>The Fleet Management API, as Grafana Alloy and the tools around it speak it.</summary>
internal static class FleetManagementRegistration
{
    public static IServiceCollection AddFleetManagement(this IServiceCollection services)
    {
        services.TryAddSingleton<ICallerCheck, EverybodyOnLoopback>();
        services.AddSingleton<CollectorStore>().AddSingleton<AgentCalls>().AddSingleton<ManagementCalls>().AddSingleton<CollectorDesires>().AddSingleton<CollectorList>();
        services.AddSingleton<IFleetDoor, CollectorDoor>();
        services.AddSingleton<CollectorWriter>().AddHostedService(static provider => provider.GetRequiredService<CollectorWriter>());
        services.AddSingleton<PipelineCalls>().AddSingleton<PipelineSync>().AddSingleton<PipelineHistory>();
        services.AddSingleton<IConnectService, CollectorService>().AddSingleton<IConnectService, PipelineService>();
        return services.AddSingleton<ConnectServices>().AddSingleton<ConnectDoor>();
    }

    /// <summary>The services are no endpoints but a part of the pipeline: a base URL may have any path before the service's name.</summary>
    public static void UseFleetManagement(this WebApplication app)
    {
        var door = app.Services.GetRequiredService<ConnectDoor>();
        app.Use(door.HandleAsync);
        app.MapCollectors();
    }
}
