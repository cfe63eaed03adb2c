using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Gateway.Forward;

internal static class ForwardRegistration
{
    public static IServiceCollection AddForward(this IServiceCollection services) => services.AddSingleton<Forwarder>();
}
