using System.Text;
using Gantry.Gateway.Observe;
using Gantry.Gateway.Report;

namespace Gantry.Gateway.Metrics.Prometheus;

/// <summary>Writes the labels of series. A service's own are kept as bytes: thousands of series share them.</summary>
internal sealed class SeriesLabels(ServiceRegistry services)
{
    private readonly Dictionary<uint, (byte[] Name, byte[] Namespace, byte[] Environment)> _services = [];

    public void Write(ExpositionWriter writer, SpanSeries series)
    {
        var (name, space, environment) = Service(series.Service);
        writer.BeginLabels();
        writer.Label("service_name"u8, name);
        writer.Label("service_namespace"u8, space);
        writer.Label("deployment_environment_name"u8, environment);
        if (!series.Red.IsOverflow)
        {
            writer.Label("span_name"u8, SpanKey.NameIn(series.Key));
        }

        writer.Label("span_kind"u8, MetricWords.Kind(series.Red.Kind));
        writer.Label("status_code"u8, MetricWords.Status(series.Red.Status));
        if (series.Red.IsOverflow)
        {
            writer.Label("otel_metric_overflow"u8, "true"u8);
            return;
        }

        for (var dimensions = new SpanDimensions(series.Key); dimensions.Next();)
        {
            writer.Label(MetricWords.Label(dimensions.Attribute), dimensions.Value);
        }
    }

    public void Write(ExpositionWriter writer, EdgeMetric edge)
    {
        var (name, space, environment) = Service(edge.Service);
        writer.BeginLabels();
        writer.Label("client"u8, name);
        writer.Label("client_service_namespace"u8, space);
        writer.Label("client_deployment_environment_name"u8, environment);
        writer.Label("server"u8, edge.Labels.Server);
        writer.Label("server_system"u8, edge.Labels.System);
        writer.Label("connection_type"u8, edge.Labels.Connection);
    }

    private (byte[] Name, byte[] Namespace, byte[] Environment) Service(uint id)
    {
        if (!_services.TryGetValue(id, out var labels))
        {
            var service = services[id];
            labels = (Encoding.UTF8.GetBytes(service.Name), Encoding.UTF8.GetBytes(service.Namespace), Encoding.UTF8.GetBytes(service.Environment));
            _services.Add(id, labels);
        }

        return labels;
    }
}
