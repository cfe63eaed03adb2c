using Gantry.Estate.Ladder;
using Gantry.Estate.Sampling;
using Gantry.Hub.Estate;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Sampling;

/// <summary>Puts together what is declared, what is in force here, and what gateways report.</summary>
internal sealed class SamplingViews(ResourceStore store, ActivePolicy active, ObservationStore observations, TimeProvider time)
{
    /// <summary>Three reports of a gateway that has nothing to say.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    public SamplingView Build()
    {
        var now = time.GetUtcNow();
        var current = active.Current;
        var policies = store.OfKind(SamplingPolicyReader.Kind).ToList();
        var order = SamplingComposition.InOrder(policies.Select(resource => resource.Document?.Model).OfType<SamplingPolicy>());
        return new SamplingView(
            current.Model.Revision,
            current.Since,
            current.Problem,
            current.Model.Default,
            order.FirstOrDefault(policy => policy.Default is not null)?.Name ?? "",
            [.. order.Select(policy => Row(policies.First(resource => resource.Name == policy.Name), policy)), .. policies.Where(resource => resource.Document is null).Select(resource => Row(resource, null))],
            Gateways(current.Model.Revision, now));
    }

    private static SamplingPolicyRow Row(StoredResource resource, SamplingPolicy? policy) => new(
        resource.Name,
        policy?.Priority ?? 0,
        [.. (policy?.Rules ?? []).Select(SamplingRuleRow.Of)],
        policy?.Default,
        resource.Generation,
        resource.Source,
        resource.Applied,
        resource.Problem,
        resource.Text);

    private List<GatewaySamplingRow> Gateways(string revision, DateTimeOffset now)
    {
        lock (observations.Gate)
        {
            return [.. observations.Gateways_NeedsLock
                .Where(gateway => now - gateway.LastSeen < Ladder.FreshFor)
                .Select(gateway => Row(gateway, revision, now))
                .OrderBy(row => row.Door, StringComparer.Ordinal).ThenBy(row => row.Id, StringComparer.Ordinal)];
        }
    }

    private static GatewaySamplingRow Row(GatewayState gateway, string revision, DateTimeOffset now)
    {
        var sampling = gateway.Sampling;
        var state = sampling switch
        {
            _ when now - gateway.LastSeen > Silence => "silent",
            null => "unknown",
            _ when sampling.Revision == revision => "in force",
            _ => revision.Length == 0 ? "kept" : "behind",
        };
        return new GatewaySamplingRow(
            gateway.Id, gateway.OtlpHttp, sampling?.Revision ?? "", sampling?.Since, state, sampling?.Seen ?? 0, Math.Min(sampling?.Kept ?? 0, sampling?.Seen ?? 0), gateway.LastSeen);
    }
}
