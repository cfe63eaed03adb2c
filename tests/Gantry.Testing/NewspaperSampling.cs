using Gantry.Hub.Sampling;

namespace Gantry.Testing;

/// <summary>The newspaper's sampling: two policies, and gateways in every state.</summary>
public static class NewspaperSampling
{
    public const string Revision = "3f2a9c01d7e84b56";

    private const string Subscriptions = """
        apiVersion: gantry/v1
        kind: SamplingPolicy
        metadata:
          name: subscriptions
          labels: {team: payments}
        spec:
          priority: 100
          rules:
          - name: checkout
            match: {service: checkout, environment: production}
            keep: always   # the journey that pays for the others
          - name: paywall-probes
            match: {service: paywall, operation: "GET /health*", kind: server}
            keep: never

        """;

    public static SamplingView View(DateTimeOffset now) => new(
        Revision, now.AddHours(-3), "", 0.05, "everything",
        [
            new SamplingPolicyRow(
                "subscriptions", 100,
                [
                    new SamplingRuleRow("checkout", "service=checkout environment=production", 1, "0"),
                    new SamplingRuleRow("paywall-probes", "service=paywall operation='GET /health*' kind=server", 0, ""),
                ],
                null, 4, "ada, policies/subscriptions.yaml", now.AddHours(-3), "", Subscriptions),
            new SamplingPolicyRow(
                "everything", 0,
                [
                    new SamplingRuleRow("errors", "status=error", 1, "0"),
                    new SamplingRuleRow("slow", "kind=server slowerThan=500ms", 0.5, "8"),
                    new SamplingRuleRow("lookups", "service=geo-lookup", 0.0001, "fff9724"),
                ],
                0.05, 2, "grace, policies/everything.yaml", now.AddDays(-12), "", SamplingExample.Yaml),
        ],
        [
            new GatewaySamplingRow("0193a5c0-1111-7000-8000-000000000001", "http://10.0.4.11:4318", Revision, now.AddHours(-3), "in force", 184_220_411, 11_033_118, now.AddSeconds(-1)),
            new GatewaySamplingRow("0193a5c0-1111-7000-8000-000000000002", "http://10.0.4.12:4318", "91b0c4d2aa1f0e77", now.AddDays(-2), "behind", 2_911_004_500, 320_210_495, now.AddSeconds(-2)),
            new GatewaySamplingRow("0193a5c0-1111-7000-8000-000000000003", "http://10.0.4.13:4318", Revision, now.AddHours(-3), "silent", 90_114_203, 5_400_871, now.AddMinutes(-2)),
            new GatewaySamplingRow("0193a5c0-1111-7000-8000-000000000004", "http://10.0.7.20:4318", "", null, "unknown", 0, 0, now.AddSeconds(-1)),
        ]);
}
