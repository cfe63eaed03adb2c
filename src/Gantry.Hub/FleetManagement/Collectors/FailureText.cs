using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>Reads what a collector says of a failure. It reports that it could not reach the hub with the same word as a configuration that it cannot load.</summary>
internal static class FailureText
{
    private const int Longest = 4096;

    // How Go says it where no Connect error is around it.
    private static readonly string[] OfTransport =
        ["dial tcp", "connection refused", "connection reset", "no such host", "i/o timeout", "context deadline exceeded", "TLS handshake", "unexpected EOF", "x509:"];

    /// <summary>True: nothing of it concerns the configuration, so no rollout may stop for it.</summary>
    public static bool IsOfTransport(string message)
    {
        var colon = message.IndexOf(':', StringComparison.Ordinal);
        // A Connect error is printed as "unavailable: …", a diagnostic begins with a place or a word of Alloy.
        return (colon > 0 && ConnectCodes.Find(message.AsSpan(0, colon)) is not null)
            || (!message.Contains('\n', StringComparison.Ordinal) && OfTransport.Any(words => message.Contains(words, StringComparison.Ordinal)));
    }

    /// <summary>As it may be kept: diagnostics quote lines of the configuration.</summary>
    public static string Keep(string message) => message.Length <= Longest ? DiagnosticRedaction.Redact(message) : $"{DiagnosticRedaction.Redact(message[..Longest])}…";
}
