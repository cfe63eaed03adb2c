namespace Gantry.Estate.Instrumentation;

/// <summary>telemetry.distro.name of what Gantry itself puts beside a process.</summary>
public static class KnownDistros
{
    /// <summary>Spans and metrics that the agent takes from a .NET runtime's diagnostic port.</summary>
    public const string Attach = "gantry-attach";

    /// <summary>In the environment of a process that Gantry instrumented by its unit: OpenTelemetry found in it is no other agent.</summary>
    public const string OwnVariable = "GANTRY_INSTRUMENTED";

    /// <summary>Beside it, where Gantry set OTEL_SERVICE_NAME: the name that the process had declared itself, or "". Rules match that one, else they would match other
    /// processes than those that were instrumented.</summary>
    public const string DeclaredVariable = "GANTRY_DECLARED_SERVICE";
}
