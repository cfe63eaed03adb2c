namespace Gantry.Estate.Instrumentation;

/// <summary>telemetry.distro.name of what Gantry itself puts beside a process.</summary>
public static class KnownDistros
{
    /// <summary>Spans and metrics that the agent takes from a .NET runtime's diagnostic port.</summary>
    public const string Attach = "gantry-attach";
}
