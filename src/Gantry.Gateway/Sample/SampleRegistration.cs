using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Gateway.Sample;

internal static class SampleRegistration
{
    public static IServiceCollection AddSample(this IServiceCollection services) =>
        services.AddSingleton<SamplerState>().AddSingleton<PolicyFile>().AddHostedService<PolicyWatch>();
}
