using System.Globalization;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines;

/// <summary>What components listen on. Only types that are known to listen: the endpoint of most receivers is that of the thing they read from.</summary>
internal static class ListenPorts
{
    // Type without '_': protocol or "" → default port, network. From the READMEs of the collector's components.
    private static readonly Dictionary<string, (string Protocol, int Port, string Network)[]> Receivers = new()
    {
        ["otlp"] = [("grpc", 4317, "tcp"), ("http", 4318, "tcp")],
        ["jaeger"] = [("grpc", 14250, "tcp"), ("thrift_http", 14268, "tcp"), ("thrift_compact", 6831, "udp"), ("thrift_binary", 6832, "udp")],
        ["zipkin"] = [("", 9411, "tcp")],
        ["statsd"] = [("", 8125, "udp")],
        ["fluentforward"] = [("", 8006, "tcp")],
        ["splunkhec"] = [("", 8088, "tcp")],
        ["influxdb"] = [("", 8086, "tcp")],
        ["datadog"] = [("", 8126, "tcp")],
        ["carbon"] = [("", 2003, "tcp")],
        ["collectd"] = [("", 8081, "tcp")],
        ["loki"] = [("grpc", 3600, "tcp"), ("http", 3500, "tcp")],
        ["webhookevent"] = [("", 0, "tcp")],
        ["prometheusremotewrite"] = [("", 9090, "tcp")],
        ["tcplog"] = [("", 0, "tcp")],
        ["udplog"] = [("", 0, "udp")],
        ["syslog"] = [("tcp", 0, "tcp"), ("udp", 0, "udp")],
    };

    private static readonly Dictionary<string, (string Protocol, int Port, string Network)[]> Extensions = new()
    {
        ["healthcheck"] = [("", 13133, "tcp")],
        ["zpages"] = [("", 55679, "tcp")],
        ["pprof"] = [("", 1777, "tcp")],
    };

    public static IReadOnlyList<ListenPort> Of(CollectorComponent component, string path, ResourceProblems problems)
    {
        var known = component.Section switch { "receivers" => Receivers, "extensions" => Extensions, _ => null };
        if (known is null || !known.TryGetValue(component.Type.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant(), out var protocols))
        {
            return [];
        }

        var ports = new List<ListenPort>();
        var name = $"{component.Section}.{component.Id}";
        foreach (var (protocol, port, network) in protocols)
        {
            var config = component.Config as MappingNode;
            var key = component.Key;
            var where = path;
            if (protocol.Length > 0)
            {
                var parent = Field(config, "protocols")?.Value as MappingNode ?? config;
                if (Field(parent, protocol) is not { } own)
                {
                    continue;
                }

                where += Field(config, "protocols") is null ? $".{protocol}" : $".protocols.{protocol}";
                (config, key) = (own.Value as MappingNode, own.Key);
            }

            if ((Field(config, "endpoint") ?? Field(config, "listen_address"))?.Value is ScalarNode { IsNull: false } address)
            {
                CheckOpen(config!, address, where, problems);
                if (PortOf(address.Text) is > 0 and var given)
                {
                    ports.Add(new ListenPort(network, given, name, address));
                }
            }
            else if (port > 0)
            {
                ports.Add(new ListenPort(network, port, name, key));
            }
        }

        return ports;
    }

    /// <summary>For everybody, in plain text, without asking who it is.</summary>
    private static void CheckOpen(MappingNode config, ScalarNode address, string path, ResourceProblems problems)
    {
        var host = address.Text.LastIndexOf(':') is >= 0 and var colon ? address.Text[..colon] : "";
        if (host is "0.0.0.0" or "[::]" or "" && Field(config, "tls") is null && Field(config, "auth") is null)
        {
            problems.Warn(address, $"{path}.endpoint", "takes telemetry from every network, without tls and without auth; name an address such as ${env:MY_POD_IP}:4317 or localhost:4317, or add tls or auth");
        }
    }

    private static int PortOf(string address) =>
        int.TryParse(address.AsSpan(address.LastIndexOf(':') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 ? port : 0;

    private static MappingField? Field(MappingNode? mapping, string name) => mapping?.Fields.FirstOrDefault(field => field.Key.Text == name);
}
