using Gantry.Estate.Findings;
using Gantry.Hub.Coverage;
using Gantry.Protocol.Observations;

namespace Gantry.Testing;

/// <summary>Who calls whom in the newspaper, and what is wrong with what its services send.</summary>
internal static class NewspaperEdges
{
    public static IReadOnlyList<EdgeRow> Edges(IReadOnlyList<ServiceRow> services, DateTimeOffset now)
    {
        EdgeNode Service(string name) => services.Any(row => row.Id == name) ? new EdgeNode(name, name, "service", "", name) : new EdgeNode("service:production:" + name, name, "service", "", null);
        EdgeRow Edge(EdgeNode caller, EdgeNode callee, double rate, double errors, double p95, string rule, params string[] told) => new(
            $"{caller.Id}-{callee.Id}", caller, callee, told, rule, "", [], rule.Contains("Kubernetes", StringComparison.Ordinal) ? now.AddSeconds(-9) : null,
            new EdgeRed(rate, errors, p95 / 3, p95), (ulong)(rate * 3_600), (ulong)(rate * 3_600 * errors), now.AddSeconds(-3));

        var checkout = Service("checkout");
        var orders = new EdgeNode("queue:production:kafka:orders", "kafka orders", "queue", "kafka", null);
        return
        [
            Edge(Service("article-api"), new EdgeNode("database:production:redis", "redis db-01:6379", "database", "redis", "redis"), 824, 0, 0.004, "process inventory: it listens on port 6379 of host db-01", "db-01:6379"),
            Edge(Service("cache-warmer"), Service("article-api"), 3.1, 0, 0.031, "Kubernetes service DNS: article-api in namespace reading", "article-api.reading.svc:8080"),
            Edge(checkout, new EdgeNode("database:production:postgresql:subscriptions", "postgresql subscriptions", "database", "postgresql", "postgres"), 55.2, 0.0002, 0.012, "process inventory: it listens on port 5432 of host db-01", "subscriptions", "db-01:5432"),
            Edge(checkout, Service("identity"), 18.4, 0.0031, 0.068, "service.peer.name", "identity"),
            Edge(checkout, Service("paywall"), 17.9, 0.0004, 0.013, "Kubernetes service DNS: paywall in namespace subscriptions", "paywall.subscriptions.svc.cluster.local:8081"),
            Edge(checkout, orders, 3.1, 0, 0.006, "named by the caller's spans", "orders", "broker-2:9092"),
            Edge(checkout, new EdgeNode("address::api.cardpayments.example:443", "api.cardpayments.example:443", "address", "", null), 3.3, 0.38, 2.4, "", "api.cardpayments.example:443") with { Open = "no service is known at this address" },
            Edge(checkout, new EdgeNode("service:production:mail", "mail", "service", "", null), 0.4, 0, 0.09, "", "mail") with { Open = "service.peer.name: 2 services", Candidates = ["mail (reach, production)", "mail (newsroom, production)"] },
            Edge(Service("frontpage"), Service("article-api"), 228, 0.0012, 0.06, "service.peer.name", "article-api"),
            Edge(Service("frontpage"), checkout, 18.4, 0.071, 0.45, "Kubernetes service DNS: checkout in namespace subscriptions", "checkout.subscriptions.svc:8443"),
            Edge(Service("frontpage"), Service("recommendations"), 44.8, 0.0127, 0.58, "rpc.service: it has SERVER spans of reading.Recommendations", "reading.Recommendations"),
            Edge(orders, Service("newsletter"), 3.1, 0, 0.21, "its CONSUMER operation \"process orders\" names the queue", "process orders"),
            Edge(Service("push-gateway"), checkout, 0, 0, 0, "a trace joins the two; no span that was counted names the callee") with { Red = null, Calls = 0, Traced = now.AddMinutes(-8), LastSeen = now.AddMinutes(-8) },
        ];
    }

    public static IReadOnlyList<FindingRow> Findings(DateTimeOffset now) =>
    [
        Finding("comments", "community", FindingCodes.InvalidIds, 1_204, "span_id is all zeros", now.AddSeconds(-11)),
        Finding("push-gateway", "reach", FindingCodes.ClockAhead, 88_310, "3.2 s ahead", now.AddSeconds(-2)),
        Finding("recommendations", "reading", FindingCodes.SampledAtSource, 402_118, "th:c, one span of four", now.AddSeconds(-4)),
        Finding("checkout", "subscriptions", FindingCodes.FoldedOperations, 31_902, "GET /orders/{id} from GET /orders/81726354", now.AddSeconds(-3)),
        Finding("checkout", "subscriptions", FindingCodes.MissingResourceAttribute, 4, "service.version", now.AddMinutes(-12)),
        Finding("feed-export", "partners", FindingCodes.MissingResourceAttribute, 1, "deployment.environment.name", now.AddHours(-3)),
    ];

    public static FindingRow Finding(string service, string space, string code, ulong count, string example, DateTimeOffset seen)
    {
        var kind = FindingCatalogue.Of(code, example);
        return new FindingRow(
            $"{service}-{code}-{example}", kind.Severity.ToString().ToLowerInvariant(), service, service, space, "production", code, kind.Title, kind.Why, kind.Fix, kind.Setting, count, example,
            seen.AddHours(-9), seen);
    }
}
