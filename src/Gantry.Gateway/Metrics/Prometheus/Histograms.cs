using System.Globalization;
using System.Text;
using Gantry.Estate.Red;
using Gantry.Gateway.Observe;
using Gantry.Gateway.Report;

namespace Gantry.Gateway.Metrics.Prometheus;

/// <summary>The lines of a duration histogram.</summary>
internal static class Histograms
{
    private const double NanoPerSecond = 1e9;

    /// <summary>OpenMetrics writes a whole bound as 1.0, the older format as 1; both are what Prometheus' own libraries write there.</summary>
    private static readonly byte[][] OpenBounds = Bounds("0.0##");

    private static readonly byte[][] TextBounds = Bounds("0.###");

    /// <summary>The exemplar stands at the bucket that it counted in.</summary>
    public static void Write(ExpositionWriter writer, ReadOnlySpan<byte> name, Tally tally, in Exemplar exemplar = default)
    {
        var bounds = writer.IsOpenMetrics ? OpenBounds : TextBounds;
        var marked = exemplar.UnixNano > 0 ? DurationBuckets.IndexOf(exemplar.DurationNano) : -1;
        ulong below = 0;
        for (var i = 0; i < bounds.Length; i++)
        {
            below += tally.Buckets[i];
            writer.Sample(name, "_bucket"u8, bounds[i], below, i == marked ? exemplar : default);
        }

        writer.Sample(name, "_sum"u8, tally.DurationNano / NanoPerSecond);
        writer.Sample(name, "_count"u8, default, below);
    }

    private static byte[][] Bounds(string format)
    {
        var bounds = new List<byte[]>();
        foreach (var bound in DurationBuckets.BoundsNano)
        {
            bounds.Add(Encoding.ASCII.GetBytes((bound / NanoPerSecond).ToString(format, CultureInfo.InvariantCulture)));
        }

        return [.. bounds, "+Inf"u8.ToArray()];
    }
}
