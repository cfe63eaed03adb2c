using Gantry.Gateway.Metrics.Prometheus;
using Gantry.Gateway.Receive.Access;
using Gantry.Protocol.Observations;
using Microsoft.AspNetCore.Http;

namespace Gantry.Gateway.Receive;

/// <summary>
/// Where every request comes in, on every port: the path says what it is. A switch and no routing: there are ten paths, and a request that is
/// routed costs more than its answer.
/// </summary>
internal sealed class OtlpDoor(OtlpHttp http, OtlpGrpc grpc, PrometheusEndpoint metrics, Cors cors)
{
    private const string Rpc = "/opentelemetry.proto.collector.";

    public Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value;
        if (OtlpGrpc.IsCall(context.Request))
        {
            return SignalOfService(path) is { } called ? grpc.HandleAsync(context, called) : grpc.UnknownAsync(context);
        }

        if (SignalOfPath(path) is { } signal)
        {
            if (Cors.IsPreflight(context.Request))
            {
                cors.AnswerPreflight(context);
                return Task.CompletedTask;
            }

            cors.Apply(context);
            return http.HandleAsync(context, signal);
        }

        return path switch
        {
            PrometheusEndpoint.Path => metrics.HandleAsync(context),
            "/healthz" => TextAsync(context, "ok\n"),
            "/readyz" => TextAsync(context, "ready\n"),
            _ => http.UnknownAsync(context),
        };
    }

    private static Signal? SignalOfPath(string? path) => path switch
    {
        "/v1/traces" => Signal.Traces,
        "/v1/metrics" => Signal.Metrics,
        "/v1/logs" => Signal.Logs,
        "/v1development/profiles" => Signal.Profiles,
        _ => null,
    };

    private static Signal? SignalOfService(string? path) => path switch
    {
        Rpc + "trace.v1.TraceService/Export" => Signal.Traces,
        Rpc + "metrics.v1.MetricsService/Export" => Signal.Metrics,
        Rpc + "logs.v1.LogsService/Export" => Signal.Logs,
        Rpc + "profiles.v1development.ProfilesService/Export" => Signal.Profiles,
        _ => null,
    };

    private static Task TextAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(text);
    }
}
