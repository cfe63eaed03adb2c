namespace Gantry.Estate.Instrumentation.Injector;

/// <summary>
/// A declarative SDK file (schema 1.0) for every service of a host: what differs from service to service comes out of its environment. It acts where
/// OTEL_CONFIG_FILE names it; then other OTEL_* variables act only as far as the file takes them up, so it takes up those of the plan.
/// </summary>
internal static class SdkFile
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static HostFile Render(IReadOnlyDictionary<string, string> environment)
    {
        var endpoint = environment.TryGetValue(Endpoint, out var value) && IsPlain(value) ? value.TrimEnd('/') : "http://localhost:4318";
        var text = $$"""
            # Written by gantry-agent, by decision of the hub. Identity comes from the environment of each service.
            file_format: "1.0"
            resource:
              attributes:
                - name: service.name
                  value: ${OTEL_SERVICE_NAME:-unknown_service}
              attributes_list: ${OTEL_RESOURCE_ATTRIBUTES}
            propagator:
              composite:
                - tracecontext:
                - baggage:
            tracer_provider:
              processors:
                - batch:
                    exporter:
                      otlp_http:
                        endpoint: ${OTEL_EXPORTER_OTLP_TRACES_ENDPOINT:-{{endpoint}}/v1/traces}
              sampler:
                parent_based:
                  root:
                    always_on:
            meter_provider:
              readers:
                - periodic:
                    exporter:
                      otlp_http:
                        endpoint: ${OTEL_EXPORTER_OTLP_METRICS_ENDPOINT:-{{endpoint}}/v1/metrics}
            logger_provider:
              processors:
                - batch:
                    exporter:
                      otlp_http:
                        endpoint: ${OTEL_EXPORTER_OTLP_LOGS_ENDPOINT:-{{endpoint}}/v1/logs}

            """;
        return new HostFile(InjectorPaths.SdkFile, text);
    }

    /// <summary>Nothing that YAML or the file's own ${…} would read.</summary>
    private static bool IsPlain(string value) => value.Length > 0 && value.All(c => char.IsAsciiLetterOrDigit(c) || "-._~:/[]".Contains(c));
}
