namespace Gantry.Estate.Instrumentation;

/// <summary>
/// Instrumentation scopes that automatic instrumentation, runtimes and common libraries use. What comes from any other scope was
/// written by somebody on purpose: that is rung 4. A list errs on the side of calling a thing custom, so it only grows with a source.
/// </summary>
public static class KnownScopes
{
    private static readonly string[] Prefixes =
    [
        // Agents of the languages: scope names begin with the instrumentation package.
        "@opentelemetry/", "@elastic/opentelemetry-", "io.opentelemetry.", "opentelemetry.instrumentation.", "OpenTelemetry.Instrumentation.",
        "OpenTelemetry.AutoInstrumentation", "OpenTelemetry::Instrumentation::", "OpenTelemetry-", "io.opentelemetry.contrib.php.", "go.opentelemetry.io/",
        "opentelemetry-instrumentation-", "github.com/open-telemetry/",
        // .NET's built-in sources and meters.
        "Microsoft.", "System.", "Experimental.System.", "Azure.", "Npgsql", "MySqlConnector", "MassTransit", "StackExchange.Redis",
        "Grpc.", "NServiceBus", "Confluent.Kafka", "RabbitMQ.Client", "MongoDB.Driver", "Elastic.Transport", "AWSSDK.", "Amazon.AWS.",
        // Frameworks that instrument themselves.
        "next.js", "org.springframework.", "io.quarkus.", "io.micrometer.", "com.azure.", "istio", "envoy", "traefik", "ingress-nginx", "nginx",
        // Gantry's own.
        "io.gantry.", "Gantry.",
    ];

    /// <param name="scope">InstrumentationScope.name; an empty one comes from exporters that lose it and proves nothing.</param>
    public static bool IsAutomatic(string scope) =>
        scope.Length == 0 || Array.Exists(Prefixes, prefix => scope.StartsWith(prefix, StringComparison.Ordinal));
}
