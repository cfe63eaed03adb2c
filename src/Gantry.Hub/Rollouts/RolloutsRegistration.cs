using Gantry.Hub.Compile;
using Gantry.Hub.Rollouts.LastGood;

namespace Gantry.Hub.Rollouts;

internal static class RolloutsRegistration
{
    /// <summary>Configurations: what agents should run, and how it comes about.</summary>
    public static IServiceCollection AddConfigurations(this IServiceCollection services) => services
        .AddSingleton<LastGoodStore>().AddHostedService(static provider => provider.GetRequiredService<LastGoodStore>())
        .AddSingleton<ConfigCache>().AddSingleton<AskedAgents>().AddSingleton<IAgentDirectory>(static provider => provider.GetRequiredService<AskedAgents>())
        .AddSingleton<NewestRevision>().AddSingleton<IAssignments>(static provider => provider.GetRequiredService<NewestRevision>())
        .AddHostedService(static provider => provider.GetRequiredService<NewestRevision>())
        .AddSingleton<Estate.IResourceCheck, Guardrails.PipelineCheck>().AddSingleton<Guardrails.IComponentCatalogue, Guardrails.FleetCatalogue>().AddSingleton<Guardrails.BuildCheck>();
}
