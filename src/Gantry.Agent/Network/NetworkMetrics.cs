using Gantry.Agent.Host;

namespace Gantry.Agent.Network;

/// <summary>
/// What the network view is told by. Addresses and ports have the names of the conventions' source and destination attributes (the source opened the
/// connection); gantry.* is ours. OBI's obi.network.flow.bytes counts bytes of packets with their headers and obi.stat.tcp.rtt is a histogram: these
/// count payload and are gauges, so they do not borrow the names.
/// </summary>
internal static class NetworkMetrics
{
    public static readonly Metric Io =
        new("gantry.network.io", "By", MetricKind.Counter, "Payload of TCP connections between two services, each byte once, without retransmissions.");

    public static readonly Metric Opened =
        new("gantry.network.connections.opened", "{connection}", MetricKind.Counter, "TCP connections that were established.");

    public static readonly Metric Closed = new("gantry.network.connections.closed", "{connection}", MetricKind.Counter, "TCP connections that ended.");

    public static readonly Metric Active =
        new("gantry.network.connections.active", "{connection}", MetricKind.UpDownCounter, "TCP connections that are open.");

    public static readonly Metric Failed =
        new("gantry.network.connect.failures", "{connection}", MetricKind.Counter, "Connects that ended without a connection: refused, reset or never answered.");

    public static readonly Metric Retransmits =
        new("gantry.network.retransmits", "{segment}", MetricKind.Counter, "TCP segments that this end sent again.");

    public static readonly Metric Rtt =
        new("gantry.network.rtt", "s", MetricKind.Gauge, "Smoothed round-trip time as this end's kernel has it, mean over connections since the last sample.");

    public static readonly Metric HostFailures =
        new("gantry.network.host.connect.failures", "{connection}", MetricKind.Counter, "AttemptFails of the host's own network namespace: also connects that no row could name.");

    public static readonly Metric OtherPeers =
        new("gantry.network.rows.other", "{row}", MetricKind.Gauge, "Least used pairs of services that are told together in one row.");

    public static readonly Metric Lost =
        new("gantry.network.lost", "{event}", MetricKind.Counter, "Times that the kernel dropped news of closed connections, because they were too many at once.");

    public static readonly Tag Transmit = new("network.io.direction", "transmit");
    public static readonly Tag Receive = new("network.io.direction", "receive");

    public static void Write(MetricBatch batch, TrafficRow row)
    {
        var labels = row.Labels!;
        batch.Add(Io, row.Out.Sent, labels, Transmit);
        batch.Add(Io, row.Out.Received, labels, Receive);
        batch.Add(Opened, row.Out.Opened, labels);
        batch.Add(Closed, row.Out.Closed, labels);
        batch.Add(Active, row.Out.Active, labels);
        batch.Add(Failed, row.Out.Failed, labels);
        batch.Add(Retransmits, row.Out.Retransmits, labels);
        if (row.Rtt > 0)
        {
            batch.Add(Rtt, row.Rtt, labels);
        }
    }
}
