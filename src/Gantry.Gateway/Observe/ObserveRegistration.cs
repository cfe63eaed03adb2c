using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Gateway.Observe;

internal static class ObserveRegistration
{
    public static IServiceCollection AddObserve(this IServiceCollection services) =>
        services.AddSingleton(provider => new Observer(
            provider.GetRequiredService<TimeProvider>(), exponential: provider.GetRequiredService<GatewayOptions>().Metrics.IsExponential));
}
