namespace Gantry.Protocol.Observations;

/// <summary>The resource attributes that travel from a gateway to the hub; everything else may be private and is nobody's business.</summary>
public static class SourceAttributes
{
    public static IReadOnlyList<string> All { get; } =
    [
        "service.instance.id", "service.version", "host.id", "host.name", "os.type", "process.pid", "process.executable.name",
        "process.executable.path", "process.runtime.name", "process.runtime.version", "process.creation.time", "container.id",
        "k8s.pod.uid", "k8s.pod.name", "k8s.namespace.name", "telemetry.sdk.name", "telemetry.sdk.language", "telemetry.sdk.version",
        "telemetry.distro.name", "telemetry.distro.version", "service.criticality",
    ];
}
