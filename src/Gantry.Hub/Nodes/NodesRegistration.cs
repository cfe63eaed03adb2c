namespace Gantry.Hub.Nodes;

internal static class NodesRegistration
{
    /// <summary>Before the write-behind: the lease is taken first, and given back last.</summary>
    public static IServiceCollection AddNodes(this IServiceCollection services) => services
        .AddSingleton<Node>().AddSingleton<NodeProxy>().AddHostedService<ObserverLease>()
        .AddSingleton<FleetSync>().AddHostedService(static provider => provider.GetRequiredService<FleetSync>());

    /// <summary>Behind the gate, before the doors.</summary>
    public static void UseNodes(this WebApplication app) => app.Use(app.Services.GetRequiredService<NodeProxy>().InvokeAsync);
}
