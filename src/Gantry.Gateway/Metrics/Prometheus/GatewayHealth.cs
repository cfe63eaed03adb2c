using System.Text;
using Gantry.Gateway.Forward;
using Gantry.Gateway.Observe;
using Gantry.Gateway.Receive;
using Gantry.Gateway.Report;

namespace Gantry.Gateway.Metrics.Prometheus;

/// <summary>How the gateway itself does: what came, what was kept and refused, where requests wait.</summary>
internal sealed class GatewayHealth(Observer observer, GatewayIdentity identity, ReceiveStats stats, Forwarder forwarder)
{
    private const string Prefix = "gantry_gateway_";

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

        Counter(writer, "spans_received", "Spans of accepted requests, before sampling", seen);
        Counter(writer, "spans_kept", "Of those, the ones that sampling kept", kept);
        Counter(writer, "spans_refused", "Spans refused because their ids are none", refused);
        Counter(writer, "requests_waited", "Requests that had to wait for room", (ulong)stats.Waited);
        Counter(writer, "requests_refused", "Requests turned away for want of room, and told when to come again", (ulong)stats.Refused);
        Counter(writer, "requests_unauthenticated", "Requests without a token that is accepted", (ulong)stats.Unauthenticated);
        Gauge(writer, "span_series", "Series of span metrics", (ulong)spanSeries);
        Gauge(writer, "edge_series", "Series of the service graph", (ulong)edgeSeries);
        Gauge(writer, "start_time_seconds", "When this gateway started, in Unix seconds", identity.StartUnixNano / 1_000_000_000);
        WriteDestinations(writer, forwarder.States);
    }

    private static void WriteDestinations(ExpositionWriter writer, IReadOnlyList<DestinationState> states)
    {
        if (states.Count == 0)
        {
            return;
        }

        void Each(string name, string type, string help, Func<DestinationState, long> value)
        {
            writer.Family(Prefix + name, type, help, Unit(name));
            foreach (var state in states)
            {
                writer.BeginLabels();
                writer.Label("destination"u8, state.Name);
                writer.Sample(Sample(name, type), (ulong)Math.Max(0, value(state)));
            }
        }

        Each("destination_up", "gauge", "1 while the destination accepts", state => state.Problem is null ? 1 : 0);
        Each("destination_waiting_requests", "gauge", "Requests that wait for it, in its spool or in memory", state => state.WaitingRequests);
        Each("destination_waiting_bytes", "gauge", "Their bytes", state => state.WaitingBytes);
        Each("destination_oldest_seconds", "gauge", "Age of the oldest of them", state => (long)state.OldestAge.TotalSeconds);
        Each("destination_requests_sent", "counter", "Requests that it accepted", state => state.Sent);
        Each("destination_requests_refused", "counter", "Requests that it refused for good", state => state.Refused);
        Each("destination_items_rejected", "counter", "Spans, points and records that it refused inside accepted requests", state => state.RejectedItems);
        Each("destination_requests_lost", "counter", "Requests given up: too old for the spool, or nobody was to wait for them", state => state.Lost);
        Each("destination_possible_duplicates", "counter", "Requests sent again though it may have had them", state => state.PossibleDuplicates);
    }

    private static void Counter(ExpositionWriter writer, string name, string help, ulong value) => One(writer, name, "counter", help, value);

    private static void Gauge(ExpositionWriter writer, string name, string help, ulong value) => One(writer, name, "gauge", help, value);

    private static void One(ExpositionWriter writer, string name, string type, string help, ulong value)
    {
        writer.Family(Prefix + name, type, help, Unit(name));
        writer.BeginLabels();
        writer.Sample(Sample(name, type), value);
    }

    private static string Unit(string name) => name.EndsWith("_seconds", StringComparison.Ordinal) ? "seconds" : name.EndsWith("_bytes", StringComparison.Ordinal) ? "bytes" : "";

    private static byte[] Sample(string name, string type) => Encoding.ASCII.GetBytes(Prefix + name + (type == "counter" ? "_total" : ""));
}
