using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines.Lint;

/// <summary><c>service.telemetry</c>: what the collector says of itself (service/telemetry and CHANGELOG.md of the collector).</summary>
internal static class TelemetryRules
{
    private static readonly string[] Known = ["logs", "metrics", "traces", "resource"];

    private static readonly string[] Levels = ["none", "basic", "normal", "detailed"];

    public static void Check(MappingNode? telemetry, string path, ResourceProblems problems)
    {
        foreach (var (key, _) in (telemetry?.Fields ?? []).Where(field => !Known.Contains(field.Key.Text)))
        {
            problems.Warn(key.Line, key.Column, $"{path}.{key.Text}", "", NearWord.Of(key.Text, Known) is { } near ? $"is not known; did you mean {near}?" : $"is not known; there are {string.Join(", ", Known)}");
        }

        if (ConfigLint.Field(ConfigLint.Field(telemetry, "metrics")?.Value, "address") is { } address)
        {
            problems.Warn(address.Key.Line, address.Key.Column, $"{path}.metrics.address", "", "is ignored from 0.123 on; write readers: [{pull: {exporter: {prometheus: {host: localhost, port: 8888}}}}]");
        }

        if (ConfigLint.Scalar(telemetry, "metrics", "level") is { } level)
        {
            if (level.Text.Equals("none", StringComparison.OrdinalIgnoreCase))
            {
                problems.Warn(level, $"{path}.metrics.level", "leaves nobody able to see what the collector drops; write normal");
            }
            else if (!Levels.Contains(level.Text, StringComparer.OrdinalIgnoreCase) && !level.Text.Contains("${", StringComparison.Ordinal))
            {
                problems.Refuse(level, $"{path}.metrics.level", $"expected {string.Join(", ", Levels)}");
            }
        }

        if (ConfigLint.Scalar(telemetry, "logs", "level") is { } logs && logs.Text.Equals("debug", StringComparison.OrdinalIgnoreCase))
        {
            problems.Warn(logs, $"{path}.logs.level", "writes lines for every batch on every agent of the pipeline; write info");
        }
    }
}
