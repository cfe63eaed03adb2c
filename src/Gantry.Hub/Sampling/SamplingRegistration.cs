namespace Gantry.Hub.Sampling;

internal static class SamplingRegistration
{
    public static IServiceCollection AddSampling(this IServiceCollection services) => services
        .AddSingleton<SamplingWaiters>().AddHostedService(provider => provider.GetRequiredService<SamplingWaiters>())
        .AddSingleton<ActivePolicy>().AddSingleton<SamplingViews>().AddSingleton<Func<SamplingView>>(static provider => provider.GetRequiredService<SamplingViews>().Build);
}
