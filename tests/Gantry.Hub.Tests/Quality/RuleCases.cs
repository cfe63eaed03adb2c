using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;
using static Gantry.Hub.Tests.Quality.QualityPipe;

namespace Gantry.Hub.Tests.Quality;

/// <summary>For each official rule, telemetry that passes it and telemetry that fails it.</summary>
/// <param name="Service">Of which the verdict is asked.</param>
internal sealed record RuleCase(string Rule, Action<QualityPipe> Pass, Action<QualityPipe> Fail, string Finding)
{
    public string Service { get; init; } = "shop";
}

internal static class RuleCases
{
    private const string Shop = "service.name=shop;service.instance.id=1";

    private static readonly ServiceState Service = new(new ServiceKey("shop", "", ""));

    public static IReadOnlyList<RuleCase> All { get; } =
    [
        new("RES-001", Spans(Shop), Spans("service.name=shop;host.name=web-1"), "host.name=web-1"),
        new("RES-002", TwoPods("a", "b"), TwoPods("a", "a"), "a is the service.instance.id of k8s.pod.uid"),
        new("RES-003", Spans($"{Shop};k8s.pod.name=shop-1;k8s.pod.uid=u"), Spans("service.name=shop;k8s.pod.name=shop-1"), "k8s.pod.name=shop-1"),
        new("RES-004", Spans(Shop), Spans($"{Shop};http.request.method=GET"), "http.request.method in a resource"),
        new("RES-004", Logs(Shop, 9, attributes: "http.request.method=GET"), Logs(Shop, 9, attributes: "k8s.pod.name=shop-1"), "k8s.pod.name in a log record"),
        new("RES-004", Spans(Shop), pipe => pipe.Post(Signal.Traces, Otlp.Spans(Shop, "service.name=shop")).Report(), "service.name in a span"),
        new("RES-005", Spans("service.name=unknown_service"), Spans("service.instance.id=1"), "service.instance.id=1") { Service = "unknown_service" },
        new("RES-005", Spans("service.name=unknown_service"), Spans("service.name=;service.instance.id=1"), "service.instance.id=1") { Service = "unknown_service" },
        new("SPA-001", Inner(10), Inner(11), "11 INTERNAL spans"),
        new("SPA-002", pipe => pipe.Trace(Span(1, 0, Service, 2), Span(2, 1, Service, 1)), pipe => pipe.Trace(Span(1, 0, Service, 2), Span(2, 9, Service, 1)), "the parent of GET /"),
        new("SPA-004", pipe => pipe.Trace(Span(1, 0, Service, 2), Span(2, 1, Service, 3)), pipe => pipe.Trace(Span(1, 0, Service, 3)), "begins trace"),
        new("SPA-005", Short(20), Short(21), "21 spans under 5 ms"),
        new("MET-001", Values(9000), Values(12_000), "id of m has about"),
        new("MET-002", Metrics("s"), Metrics(""), "queue.wait has no unit"),
        new("MET-002", Metrics("{request}"), Metrics("seconds"), "queue.wait has unit \"seconds\""),
        new("MET-003", Two(Otlp.Gauge("queue.wait", "s", ""), Otlp.Gauge("queue.wait", "s", "")), Two(Otlp.Gauge("queue.wait", "s", ""), Otlp.Gauge("queue.wait", "ms", "")), "\"ms\" in cart"),
        new("MET-004", Two(Otlp.Histogram("wait", 1, 2), Otlp.Histogram("wait", 1, 2)), Two(Otlp.Histogram("wait", 1, 2), Otlp.Histogram("wait", 1, 5)), "buckets in cart: 1, 5"),
        new("MET-005", Metrics("s", "collection.duration"), Metrics("s", "collection.duration.seconds"), "its unit in its name: seconds"),
        new("MET-006", Metrics("s", "http.server.request.duration"), Metrics("1", "http.response.status_code"), "http.response.status_code is the key"),
        new("LOG-001", DailyLogs("production", 5, days: 13), DailyLogs("production", 5, days: 16), "DEBUG came for"),
        new("LOG-001", DailyLogs("prod", 9, days: 16), DailyLogs("prod", 9, days: 16, text: "debug"), "DEBUG came for"),
        new("LOG-002", Logs(Shop, 9), Logs(Shop, 0), "1 of 1 log records"),
        new("SDK-001", Spans($"{Shop};telemetry.sdk.language=nodejs;telemetry.sdk.version=2.0.1;process.runtime.version=22.1.0"),
            Spans($"{Shop};telemetry.sdk.language=nodejs;telemetry.sdk.version=2.0.1;process.runtime.version=16.20.2"), "nodejs 16.20.2"),
    ];

    private static Action<QualityPipe> Spans(string resource) => pipe => pipe.Post(Signal.Traces, Otlp.Spans(resource)).Report();

    private static Action<QualityPipe> Logs(string resource, int severity, string attributes = "") => pipe => pipe.Post(Signal.Logs, Otlp.Logs(resource, severity, attributes: attributes)).Report();

    private static Action<QualityPipe> Metrics(string unit, string name = "queue.wait") => pipe => pipe.Post(Signal.Metrics, Otlp.Metrics(Shop, Otlp.Gauge(name, unit, ""))).Report();

    private static Action<QualityPipe> Two(Testing.Otlp.Metric own, Testing.Otlp.Metric others) => pipe => pipe
        .Post(Signal.Metrics, Otlp.Metrics(Shop, own)).Post(Signal.Metrics, Otlp.Metrics("service.name=cart", others)).Report();

    private static Action<QualityPipe> Values(int count) => pipe =>
    {
        for (var i = 0; i < count; i += 1000)
        {
            pipe.Post(Signal.Metrics, Otlp.Metrics(Shop, Otlp.Values("m", "id", i, 1000)));
        }

        pipe.Report();
    };

    private static Action<QualityPipe> TwoPods(string first, string second) => pipe =>
    {
        for (var i = 0; i < 3; i++)
        {
            pipe.Post(Signal.Logs, Otlp.Logs($"service.name=shop;service.instance.id={first};k8s.pod.uid=1", 9))
                .Post(Signal.Logs, Otlp.Logs($"service.name=shop;service.instance.id={second};k8s.pod.uid=2", 9)).Report().Wait(TimeSpan.FromSeconds(20));
        }
    };

    private static Action<QualityPipe> Inner(int count) => pipe =>
        pipe.Trace([Span(1, 0, Service, 2), .. Enumerable.Range(2, count).Select(id => Span((ulong)id, 1, Service, 1))]);

    private static Action<QualityPipe> Short(int count) => pipe =>
        pipe.Trace([Span(1, 0, Service, 2), .. Enumerable.Range(2, count).Select(id => Span((ulong)id, 1, Service, 3, milliseconds: 4.9))]);

    private static Action<QualityPipe> DailyLogs(string environment, int severity, int days, string text = "") => pipe =>
    {
        for (var i = 0; i < 2 * days; i++)
        {
            pipe.Post(Signal.Logs, Otlp.Logs($"{Shop};deployment.environment.name={environment}", severity, text)).Report().Wait(TimeSpan.FromHours(12));
        }
    };
}
