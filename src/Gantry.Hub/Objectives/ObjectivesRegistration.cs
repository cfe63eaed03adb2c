namespace Gantry.Hub.Objectives;

internal static class ObjectivesRegistration
{
    /// <summary>After <see cref="Storage.WriteBehind"/>, which loads the evidence that is counted.</summary>
    public static IServiceCollection AddObjectives(this IServiceCollection services) => services
        .AddSingleton<ObjectiveSlots>().AddSingleton<ObjectiveView>()
        .AddSingleton<ObjectiveAccumulator>().AddHostedService(static provider => provider.GetRequiredService<ObjectiveAccumulator>());
}
