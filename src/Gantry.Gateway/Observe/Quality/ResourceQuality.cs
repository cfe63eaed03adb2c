using Gantry.Estate.Quality;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Observe.Quality;

/// <summary>What a resource says of itself, as the rules ask for it. Worked out once, when it is first seen.</summary>
/// <param name="Misplaced">The first attribute that belongs to operations; "" when none does.</param>
/// <param name="Who">By what a person finds it again: "k8s.pod.name=cart-1".</param>
internal readonly record struct ResourceQuality(bool HasInstanceId, bool HasServiceName, bool IsPod, bool HasPodUid, string Misplaced, string Who)
{
    /// <summary>Attributes of pods and of what makes pods; not those of nodes and clusters, which also describe hosts.</summary>
    private static readonly string[] PodPrefixes =
        ["k8s.pod.", "k8s.container.", "k8s.deployment.", "k8s.replicaset.", "k8s.statefulset.", "k8s.daemonset.", "k8s.job.", "k8s.cronjob."];

    private static readonly string[] Naming = ["service.instance.id", "k8s.pod.name", "container.id", "host.name", "host.id", "process.pid", "telemetry.sdk.language"];

    public static ResourceQuality Of(IReadOnlyDictionary<string, string> attributes)
    {
        bool Has(string key) => attributes.TryGetValue(key, out var value) && value.Length > 0;

        var misplaced = attributes.Keys.FirstOrDefault(key => AttributeLevels.IsOperationOnly(System.Text.Encoding.UTF8.GetBytes(key)), "");
        var who = Naming.FirstOrDefault(Has);
        return new ResourceQuality(
            Has("service.instance.id"),
            Has("service.name"),
            attributes.Keys.Any(key => PodPrefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal))),
            Has("k8s.pod.uid"),
            misplaced,
            who is null ? "" : $"{who}={attributes[who]}");
    }

    public void AddTo(FactTable facts, uint service, ulong unixNano)
    {
        // Times only: every shard and every gateway sees the same resource, so that sums would say nothing.
        facts.See(service, QualityChecks.InstanceId, 0, HasInstanceId ? 0u : 1, unixNano, Who);
        facts.See(service, QualityChecks.ServiceName, 0, HasServiceName ? 0u : 1, unixNano, Who);
        facts.See(service, QualityChecks.Level, 0, Misplaced.Length > 0 ? 1u : 0, unixNano, $"{Misplaced} in a resource");
        if (IsPod)
        {
            facts.See(service, QualityChecks.PodUid, 0, HasPodUid ? 0u : 1, unixNano, Who);
        }
    }
}
