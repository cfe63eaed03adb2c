namespace Gantry.Estate.Methods;

/// <summary>Where the catalogue's statements come from; read in August 2026.</summary>
internal static class SourceTable
{
    public static IReadOnlyList<MethodSource> All { get; } =
    [
        new("injector", "OpenTelemetry Injector, code", "open-telemetry/opentelemetry-injector src/root.zig, src/config.zig"),
        new("packaging", "OpenTelemetry packages for Linux", "open-telemetry/opentelemetry-packaging docs/design/packages-meta-architecture.md, packaging/common"),
        new("obi", "OBI, documentation", "opentelemetry.io/docs/zero-code/obi: requirements, distributed traces, context propagation, metrics"),
        new("obi-ownership", "OBI, who instruments what beside the injector", "open-telemetry/opentelemetry-ebpf-instrumentation issues 1136, 2828, 2835"),
        new("operator", "OpenTelemetry Operator", "open-telemetry/opentelemetry-operator apis/v1alpha1/instrumentation_types.go, README.md, versions.txt"),
        new("ecs-init", "Init container with an agent for ECS tasks", "aws/aws-cdk packages/@aws-cdk/aws-applicationsignals-alpha/lib/enablement/ecs-sdk-instrumentation.ts"),
        new("fargate", "What Fargate allows", "docs.aws.amazon.com/AmazonECS KernelCapabilities; aws/containers-roadmap issues 1000, 1027"),
        new("managed-instances", "ECS Managed Instances and managed daemons", "docs.aws.amazon.com/AmazonECS managed-instances-security, managed-daemons; aws/containers-roadmap issues 2452, 2788"),
        new("lambda-layers", "OpenTelemetry layers for Lambda", "open-telemetry/opentelemetry-lambda README.md"),
        new("adot-dotnet", "AWS distribution for .NET on Lambda", "aws-observability/aws-otel-dotnet-instrumentation .github/workflows/release-lambda.yml; aws-observability/aws-otel-lambda issue 1145"),
        new("php-distro", "OpenTelemetry PHP Distro", "opentelemetry.io/docs/zero-code/php/distro"),
        new("ruby", "OpenTelemetry Ruby, automatic", "open-telemetry/opentelemetry-ruby-instrumentation README.md; open-telemetry/opentelemetry-injector src/ruby.zig"),
        new("otelc", "Go compile-time instrumentation", "open-telemetry/opentelemetry-go-compile-instrumentation README.md; opentelemetry.io/docs/zero-code/go/compile-time"),
        new("dotnet-auto", ".NET automatic instrumentation", "open-telemetry/opentelemetry-dotnet-instrumentation docs/config.md, issue 2944"),
        new("dotnet-monitor", "What .NET's diagnostic port can do", "dotnet/dotnet-monitor StartupHookApplicator.cs, issue 6282, pull requests 9135 and 9136"),
        new("odigos", "Odigos, how other hubs do it", "odigos-io/odigos distros/yamls, procdiscovery"),
        new("obi-on-ecs", "OBI as a daemon on ECS, an example", "coralogix/telemetry-shippers pull request 969"),
        new("gantry", "Gantry's own tests", ""),
        new("conclusion", "Concluded from the other sources; nobody tried", ""),
    ];
}
