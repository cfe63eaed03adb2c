using System.IO.Pipelines;
using Gantry.Gateway.Observe;
using Gantry.Gateway.Receive;
using Gantry.Gateway.Receive.Access;
using Gantry.Gateway.Report;
using Microsoft.AspNetCore.Http;

namespace Gantry.Gateway.Metrics.Prometheus;

/// <summary>
/// <c>GET /metrics</c>: span metrics, service graph and the gateway's own health. Written in pieces: the lock on the totals is held for one piece at a time
/// and never while a client reads. Where senders need a token, so does a scraper.
/// </summary>
internal sealed class PrometheusEndpoint(ObservedTotals totals, Observer observer, GatewayHealth health, AccessTokens tokens, ReceiveStats stats)
{
    public const string Path = "/metrics";

    /// <summary>Series formatted under the lock at a time: about 2 MB of text, some milliseconds.</summary>
    private const int Piece = 500;

    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET";
            return;
        }

        if (tokens.Refuse(context.Request.Headers.Authorization) is { } reason)
        {
            stats.CountUnauthenticated();
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await context.Response.WriteAsync(reason + "\n", context.RequestAborted);
            return;
        }

        var format = ExpositionFormats.Of(context.Request.Headers.Accept);
        context.Response.ContentType = format.ContentType();
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        using var writer = new ExpositionWriter(format);
        await WriteAsync(writer, context.Response.BodyWriter, context.RequestAborted);
    }

    private async Task WriteAsync(ExpositionWriter writer, PipeWriter body, CancellationToken cancellation)
    {
        var (spans, edges) = totals.Collect(metrics => (metrics.Spans.ToArray(), metrics.Edges.ToArray()));
        var labels = new SeriesLabels(observer.Services);

        // A family's samples stand together, so series are gone through once for each.
        Task EachAsync<T>(T[] series, Action<T> write)
            where T : MetricSeries => WriteAllAsync(series, write, writer, body, cancellation);

        writer.Family("traces_span_metrics_calls", "counter", MetricWords.CallsHelp);
        await EachAsync(spans, series =>
        {
            labels.Write(writer, series);
            writer.Sample("traces_span_metrics_calls_total"u8, series.Total.Calls, series.Exemplar);
        });
        writer.Family("traces_span_metrics_duration_seconds", "histogram", MetricWords.DurationHelp, "seconds");
        await EachAsync(spans, series =>
        {
            labels.Write(writer, series);
            Histograms.Write(writer, "traces_span_metrics_duration_seconds"u8, series.Total, series.Exemplar);
        });
        writer.Family("traces_service_graph_request", "counter", MetricWords.EdgeCallsHelp);
        await EachAsync(edges, edge =>
        {
            labels.Write(writer, edge);
            writer.Sample("traces_service_graph_request_total"u8, edge.Total.Calls);
        });
        writer.Family("traces_service_graph_request_failed", "counter", MetricWords.EdgeFailedHelp);
        await EachAsync(edges, edge =>
        {
            labels.Write(writer, edge);
            writer.Sample("traces_service_graph_request_failed_total"u8, edge.Total.Failed);
        });
        writer.Family("traces_service_graph_request_client_seconds", "histogram", MetricWords.EdgeDurationHelp, "seconds");
        await EachAsync(edges, edge =>
        {
            labels.Write(writer, edge);
            Histograms.Write(writer, "traces_service_graph_request_client_seconds"u8, edge.Total);
        });
        health.Write(writer, spans.Length, edges.Length);
        writer.EndOfMetrics();
        await FlushAsync(writer, body, cancellation);
    }

    private async Task WriteAllAsync<T>(T[] series, Action<T> write, ExpositionWriter writer, PipeWriter body, CancellationToken cancellation)
    {
        for (var start = 0; start < series.Length; start += Piece)
        {
            totals.Read(new ArraySegment<T>(series, start, Math.Min(Piece, series.Length - start)), piece =>
            {
                foreach (var item in piece)
                {
                    write(item);
                }
            });
            await FlushAsync(writer, body, cancellation);
        }
    }

    private static async Task FlushAsync(ExpositionWriter writer, PipeWriter body, CancellationToken cancellation)
    {
        await body.WriteAsync(writer.Written, cancellation);
        writer.Clear();
    }
}
