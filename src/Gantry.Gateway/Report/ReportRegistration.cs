using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Gateway.Report;

internal static class ReportRegistration
{
    public static IServiceCollection AddReport(this IServiceCollection services) => services.AddHostedService<ObservationReporter>();
}
