using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Gateway.Report;

internal static class ReportRegistration
{
    public static IServiceCollection AddReport(this IServiceCollection services) => services
        .AddSingleton<GatewayIdentity>()
        .AddSingleton<RunFile>()
        .AddSingleton<ObservedTotals>()
        .AddHostedService<ObservationReporter>();
}
