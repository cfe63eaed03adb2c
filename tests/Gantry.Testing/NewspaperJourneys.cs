using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys;

namespace Gantry.Testing;

/// <summary>The newspaper's journeys: one with a dark hop, a lost context and a queue that loses it; a whole one; one that was never seen; one of sixty hops.</summary>
public static class NewspaperJourneys
{
    public static IReadOnlyList<JourneyRow> All(DateTimeOffset now) => [Subscribe(now), Cancel(), Morning(now), Read(now)];

    public static JourneyRow Subscribe(DateTimeOffset now)
    {
        var breaks = new[]
        {
            new BreakRow(
                "checkout-billing", "hop-dark", Service("checkout"), Service("billing-batch"), "", "billing-batch sends nothing",
                "A Java process listens on port 8444 of app-01, and no telemetry of it comes.", "checkout calls app-01:8444 31 times a minute; the agent of app-01 sees pid 3601 listen there.",
                "Put an agent into it: the injector does it at its next start.", "injector-pkg", "gantry instrument billing-batch --apply", 1_860, Share(1, 0.985, 1, 244, 1_860, now), ["ledger"], now.AddDays(-3), now.AddSeconds(-4)),
            new BreakRow(
                "checkout-newsletter", "queue-loses-context", Service("checkout"), Service("newsletter"), "orders", "Messages of orders carry no trace context",
                "The producer's library does not put traceparent into the headers.", "228 messages were received by newsletter without a parent or a link.",
                "Switch the Kafka instrumentation of checkout on.", "", "OTEL_INSTRUMENTATION_KAFKA_ENABLED=true", 412, Share(0.98, 0.93, 0.995, 98, 412, now), [], now.AddHours(-30), now.AddSeconds(-9)),
            new BreakRow(
                "frontpage-consent", "context-not-continued", Service("frontpage"), Service("consent"), "", "consent begins a trace of its own",
                "It gets traceparent and does not take it over: its propagators are set to b3.", "61 requests a second arrive at consent; frontpage's calls are answered by none of them.",
                "Set OTEL_PROPAGATORS=tracecontext,baggage where consent is started.", "", "OTEL_PROPAGATORS=tracecontext,baggage", 9_120, Share(0.052, 0.03, 0.09, 1_204, 175_000, now), [], now.AddMinutes(-40), now.AddSeconds(-2)),
        };
        return new JourneyRow(
            "subscribe", "Buy a subscription", "subscriptions", "broken", Service("frontpage"), "POST /subscribe", Share(0.617, 0.58, 0.652, 688, 66_240, now),
            [
                Hop("frontpage", "", 0, Service("frontpage"), "POST /subscribe", 3, "live", 1, now, new HopRed(18.4, 0.0712, 0.212, 0.74)),
                Hop("consent", "frontpage", 1, Service("consent"), "GET /consent/{user}", 2, "live", 1, now, new HopRed(61.5, 0.0001, 0.0062, 0.019), "frontpage-consent"),
                Hop("checkout", "frontpage", 1, Service("checkout"), "POST /orders", 3, "live", 0.96, now, new HopRed(17.7, 0.071, 0.142, 0.44)),
                Hop("identity", "checkout", 2, Service("identity"), "POST /sessions", 3, "live", 0.96, now, new HopRed(96.2, 0.0031, 0.022, 0.068)),
                Hop("paywall", "checkout", 2, Service("paywall"), "GET /entitlements/{user}", 4, "live", 1.92, now, new HopRed(388, 0.0004, 0.0041, 0.013)),
                Hop("subscriptions", "checkout", 2, new HopEnd("database:postgresql:subscriptions", "postgresql subscriptions", "database", null), "", 0, "outside", 0.94, now),
                Hop("cards", "checkout", 2, new HopEnd("address::api.cardpayments.example:443", "api.cardpayments.example:443", "address", null), "", 0, "outside", 0.31, now),
                Hop("billing", "checkout", 2, Service("billing-batch"), "", 0, "dark", 0.28, now, null, "checkout-billing"),
                Hop("ledger", "billing", 3, new HopEnd("service::ledger", "ledger", "service", null), "", 0, "unseen", 0, now) with { Origin = "declared", LastSeen = null },
                Hop("orders", "checkout", 2, new HopEnd("queue:kafka:orders", "kafka orders", "queue", null), "", 0, "outside", 0.17, now),
                Hop("newsletter", "orders", 3, Service("newsletter"), "process orders", 2, "live", 0.17, now, new HopRed(2.1, 0, 0.27, 0.83), "checkout-newsletter"),
            ],
            breaks, new RedNow(18.4, 0.0712, 0.212, 0.74, 1.9, "spans", now.AddSeconds(-3)), 0, null, now.AddSeconds(-3))
        {
            Description = "From the paywall to the first newsletter.",
            IsDeclared = true,
            Objectives =
            [
                new ObjectiveRow("available", "", "errors", 0.995, 2_419_200, 0, 44_512_000, 310_400, 0.99303, -0.39, [new BurnRow("page", 3_600, 300, 14.4, 14.9, 15.2, true), new BurnRow("ticket", 86_400, 7_200, 3, 4.1, 12, true)], "burning") { LastAt = now.AddMinutes(-1) },
                new ObjectiveRow("fast", "", "duration", 0.95, 2_419_200, 1, 44_512_000, 712_000, 0.984, 0.68, [new BurnRow("page", 3_600, 300, 14.4, 0.4, 0.3, false), new BurnRow("ticket", 86_400, 7_200, 3, 0.5, 0.4, false)], "met") { LastAt = now.AddMinutes(-1) },
            ],
        };
    }

    public static JourneyRow Read(DateTimeOffset now) => new(
        "read", "Read an article", "reading", "whole", Service("article-api"), "GET /articles/{id}", Share(1, 0.9968, 1, 1_204, 1_483_000, now),
        [
            Hop("article-api", "", 0, Service("article-api"), "GET /articles/{id}", 4, "live", 1, now, new HopRed(412, 0.0021, 0.018, 0.055)),
            Hop("paywall", "article-api", 1, Service("paywall"), "GET /entitlements/{user}", 4, "live", 0.93, now, new HopRed(388, 0.0004, 0.0041, 0.013)),
            Hop("recommendations", "article-api", 1, Service("recommendations"), "GET /next", 3, "live", 0.4, now, new HopRed(44.8, 0.0127, 0.188, 0.58)),
        ],
        [], new RedNow(412, 0.0021, 0.018, 0.055, 0.13, "spans", now.AddSeconds(-2)), 3, null, now.AddSeconds(-2))
    {
        Objectives = [new ObjectiveRow("available", "", "errors", 0.999, 604_800, 0, 249_000_000, 99_000, 0.9996, 0.6, [new BurnRow("page", 3_600, 300, 14.4, 0.2, 0.1, false)], "met") { LastAt = now.AddMinutes(-1) }],
    };

    public static JourneyRow Cancel() => new(
        "cancel", "Cancel a subscription", "subscriptions", "dark", new HopEnd("service::cancellations", "cancellations", "service", null), "POST /cancel", null,
        [new HopRow("cancellations", "", 0, new HopEnd("service::cancellations", "cancellations", "service", null), "POST /cancel", 0, "unseen", 0, null, "declared", "", null)],
        [], null, 0, null, null) { IsDeclared = true };

    /// <summary>Sixty stations: a page that many put together.</summary>
    public static JourneyRow Morning(DateTimeOffset now)
    {
        var hops = new List<HopRow> { Hop("root", "", 0, Service("frontpage"), "GET /", 3, "live", 1, now, new HopRed(231, 0.0012, 0.046, 0.14)) };
        string[] parts = ["search", "recommendations", "ads-decision", "comments", "weather", "article-api"];
        foreach (var part in parts)
        {
            hops.Add(Hop(part, "root", 1, Service(part), "GET /box", 2, "live", 0.9, now, new HopRed(44, 0.001, 0.02, 0.06)));
            for (var i = 0; i < 9 && hops.Count < 60; i++)
            {
                hops.Add(Hop($"{part}-{i}", i is 0 or > 3 ? part : $"{part}-{i - 1}", 2, new HopEnd($"service::{part}-feed-{i}", $"{part}-feed-{i}", "service", null), "GET /feed", 3, "live", 0.6 / (i + 1), now, new HopRed(12, 0, 0.01, 0.03)));
            }
        }

        var broken = new BreakRow(
            "weather-feed", "context-not-sent", Service("weather"), hops[^1].End, "", "weather sends no trace context", "Its HTTP client is not one that its agent instruments.", "412 requests arrived without a parent.",
            "Use an instrumented client, or inject the context in its code.", "", "", 412, Share(1, 0.97, 1, 120, 412, now), [], now.AddHours(-2), now.AddSeconds(-3));
        hops[^1] = hops[^1] with { Break = broken.Id };
        return new JourneyRow("morning", "See the front page", "reading", "broken", Service("frontpage"), "GET /", Share(0.94, 0.92, 0.955, 900, 831_000, now), hops, [broken],
            new RedNow(231, 0.0012, 0.046, 0.14, 0.33, "spans", now.AddSeconds(-2)), 2, null, now.AddSeconds(-2));
    }

    /// <summary>Very many, for what must stay fast.</summary>
    public static IReadOnlyList<JourneyRow> Many(int count, DateTimeOffset now) =>
    [
        .. Enumerable.Range(0, count).Select(i => (i % 3 == 0 ? Subscribe(now) : Read(now)) with { Name = $"journey-{i:D4}", Title = $"Journey {i:D4}", Owner = $"team-{i % 17}" }),
    ];

    private static HopEnd Service(string name) => new(name, name, "service", name);

    private static ShareEstimate Share(double share, double low, double high, long chosen, ulong of, DateTimeOffset now) => new(share, low, high, chosen, of, now.AddMinutes(-55), now.AddSeconds(-11));

    private static HopRow Hop(string id, string parent, int depth, HopEnd end, string operation, int rung, string state, double share, DateTimeOffset now, HopRed? red = null, string broken = "") =>
        new(id, parent, depth, end, operation, rung, state, share, red, "both", broken, now.AddSeconds(-3));
}
