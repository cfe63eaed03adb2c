using System.Globalization;

namespace Gantry.Estate.Pipelines;

/// <summary>A component type that got another name; the old one is understood for some time.</summary>
/// <param name="Since">Version of the collector, "0.144.0", that has the new name.</param>
public sealed record ComponentRename(string Section, string Before, string Name, string Since);

/// <summary>Renamed component types, from the change logs of the collector and of its contrib distribution.</summary>
public static class ComponentRenames
{
    public static IReadOnlyList<ComponentRename> All { get; } =
    [
        // https://github.com/open-telemetry/opentelemetry-collector/releases/tag/v0.144.0
        new("exporters", "otlp", "otlp_grpc", "0.144.0"),
        new("exporters", "otlphttp", "otlp_http", "0.144.0"),
        // https://github.com/open-telemetry/opentelemetry-collector-contrib/releases/tag/v0.154.0
        new("exporters", "prometheusremotewrite", "prometheus_remote_write", "0.154.0"),
    ];

    /// <summary>The rename that a type is one of the names of; null for all others.</summary>
    public static ComponentRename? Find(string section, string type) => All.FirstOrDefault(rename => rename.Section == section && (rename.Before == type || rename.Name == type));

    /// <summary>Whether a collector of this version has what came with another. Distributions count in their own ways; one that has reached 1 says nothing of this.</summary>
    /// <returns>Null when it cannot be told.</returns>
    public static bool? Has(string version, string since) =>
        Parse(version) is { Major: 0 } have && Parse(since) is { } need ? have >= need : null;

    private static Version? Parse(string version)
    {
        var text = version.TrimStart('v').Split('-', '+', ' ')[0];
        return text.Count(c => c == '.') is 1 or 2 && text.Split('.').All(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _)) && Version.TryParse(text, out var parsed)
            ? new Version(parsed.Major, parsed.Minor, Math.Max(parsed.Build, 0))
            : null;
    }
}
