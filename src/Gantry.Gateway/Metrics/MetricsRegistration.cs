using Gantry.Gateway.Metrics.Otlp;
using Gantry.Gateway.Metrics.Prometheus;
using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Gateway.Metrics;

internal static class MetricsRegistration
{
    /// <summary>After the destinations: what starts later stops earlier, and the last export needs them.</summary>
    public static IServiceCollection AddSpanMetrics(this IServiceCollection services) => services
        .AddSingleton<GatewayHealth>()
        .AddSingleton<PrometheusEndpoint>()
        .AddSingleton<MetricsExporter>()
        .AddHostedService(provider => provider.GetRequiredService<MetricsExporter>());
}
