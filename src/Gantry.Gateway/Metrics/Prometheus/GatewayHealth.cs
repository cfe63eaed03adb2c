using Gantry.Gateway.Forward;
using Gantry.Gateway.Observe;
using Gantry.Gateway.Report;

namespace Gantry.Gateway.Metrics.Prometheus;

/// <summary>How the gateway itself does: what came, what was kept and refused, where requests wait.</summary>
internal sealed class GatewayHealth(Observer observer, GatewayIdentity identity, Forwarder forwarder)
{
    public void Write(ExpositionWriter writer, int spanSeries, int edgeSeries)
    {
        var (seen, kept, refused) = (0UL, 0UL, 0UL);
        foreach (var shard in observer.Shards)
        {
            lock (shard.Gate)
            {
                (seen, kept, refused) = (seen + shard.Seen, kept + shard.Kept, refused + shard.Refused);
            }
        }

        writer.BeginLabels();
        writer.Family("gantry_gateway_spans_received", "counter", "Spans of accepted requests, before sampling");
        writer.Sample("gantry_gateway_spans_received_total"u8, seen);
        writer.Family("gantry_gateway_spans_kept", "counter", "Of those, the ones that sampling kept");
        writer.Sample("gantry_gateway_spans_kept_total"u8, kept);
        writer.Family("gantry_gateway_spans_refused", "counter", "Spans refused because their ids are none");
        writer.Sample("gantry_gateway_spans_refused_total"u8, refused);
        Gauge(writer, "gantry_gateway_span_series", "Series of span metrics", (ulong)spanSeries);
        Gauge(writer, "gantry_gateway_edge_series", "Series of the service graph", (ulong)edgeSeries);
        Gauge(writer, "gantry_gateway_start_time_seconds", "When this gateway started, in Unix seconds", identity.StartUnixNano / 1_000_000_000);
        WriteDestinations(writer);
    }

    /// <summary>What is known of each destination.</summary>
    private void WriteDestinations(ExpositionWriter writer)
    {
        if (forwarder.IsOn)
        {
            Gauge(writer, "gantry_gateway_destination_up", "1 while the destination accepts", forwarder.Trouble is null ? 1UL : 0);
        }
    }

    private static void Gauge(ExpositionWriter writer, string name, string help, ulong value)
    {
        writer.Family(name, "gauge", help, name.EndsWith("_seconds", StringComparison.Ordinal) ? "seconds" : "");
        writer.Sample(System.Text.Encoding.ASCII.GetBytes(name), value);
    }
}
