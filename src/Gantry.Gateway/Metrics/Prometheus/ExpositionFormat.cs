using System.Globalization;

namespace Gantry.Gateway.Metrics.Prometheus;

/// <summary>The two text formats that Prometheus reads. OpenMetrics has exemplars.</summary>
internal enum ExpositionFormat
{
    /// <summary>Prometheus text 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics 1.0.0.</summary>
    OpenMetrics,
}

internal static class ExpositionFormats
{
    private const string OpenMetrics = "application/openmetrics-text";

    public static string ContentType(this ExpositionFormat format) =>
        format == ExpositionFormat.OpenMetrics ? $"{OpenMetrics}; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>What an Accept header likes best; plain text for a browser and for whoever does not say.</summary>
    public static ExpositionFormat Of(string? accept)
    {
        var (open, text) = (-1.0, 0.0);
        foreach (var range in (accept ?? "").Split(','))
        {
            var parts = range.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0].Equals(OpenMetrics, StringComparison.OrdinalIgnoreCase) && IsVersionOne(parts))
            {
                open = Math.Max(open, Quality(parts));
            }
            else if (parts[0].Equals("text/plain", StringComparison.OrdinalIgnoreCase))
            {
                text = Math.Max(text, Quality(parts));
            }
        }

        return open > 0 && open >= text ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
    }

    /// <summary>Version 0.0.1, its draft, is asked for beside it and differs.</summary>
    private static bool IsVersionOne(string[] parts) =>
        parts.All(part => !part.StartsWith("version=", StringComparison.OrdinalIgnoreCase) || part["version=".Length..].Trim('"').StartsWith("1.", StringComparison.Ordinal));

    private static double Quality(string[] parts)
    {
        var quality = parts.FirstOrDefault(part => part.StartsWith("q=", StringComparison.OrdinalIgnoreCase));
        return quality is null ? 1 : double.TryParse(quality.AsSpan(2), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 0;
    }
}
