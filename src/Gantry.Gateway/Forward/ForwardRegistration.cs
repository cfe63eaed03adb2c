using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gantry.Gateway.Forward;

internal static class ForwardRegistration
{
    /// <summary>Hosted: spools open before the doors do, and close after them.</summary>
    public static IServiceCollection AddForward(this IServiceCollection services) =>
        services.AddSingleton<Forwarder>().AddSingleton<IHostedService>(provider => provider.GetRequiredService<Forwarder>());
}
