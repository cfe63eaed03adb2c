namespace Gantry.Estate.Render;

/// <summary>How OBI is set up where it runs for all programs of a host.</summary>
internal static class ObiSettings
{
    /// <summary>Executables that are looked at: all; OBI leaves collectors and the system's own out by itself.</summary>
    private const string All = "*";

    public static IReadOnlyList<(string Name, string Value)> Variables(string endpoint) =>
    [
        (IdentityVariables.Endpoint, endpoint),
        (IdentityVariables.Protocol, "http/protobuf"),
        ("OTEL_EBPF_AUTO_TARGET_EXE", All),
        // Off by default; headers of plain HTTP and gRPC only, so that no proxy meets a TCP option that it does not know.
        ("OTEL_EBPF_BPF_CONTEXT_PROPAGATION", "headers"),
    ];
}
