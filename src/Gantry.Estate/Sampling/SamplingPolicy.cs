namespace Gantry.Estate.Sampling;

/// <summary>A <c>SamplingPolicy</c> resource, read: a few rules in order, and perhaps what holds where none of any policy matches.</summary>
/// <param name="Priority">-1000 to 1000, 0 when not written; the policy with the higher one is asked first.</param>
/// <param name="Rules">Their names are unique within the policy, and do not have its name in front yet.</param>
/// <param name="Default">0 (never) to 1 (always); null where the policy has none.</param>
public sealed record SamplingPolicy(string Name, int Priority, IReadOnlyList<SamplingRule> Rules, double? Default);

/// <summary>All policies as one model.</summary>
public static class SamplingComposition
{
    /// <summary>The order in which policies are asked: higher priority first, then by name.</summary>
    public static IReadOnlyList<SamplingPolicy> InOrder(IEnumerable<SamplingPolicy> policies) =>
        [.. policies.OrderByDescending(policy => policy.Priority).ThenBy(policy => policy.Name, StringComparer.Ordinal)];

    /// <summary>
    /// Rules of the policies in their order, each rule under "policy/rule"; the default is that of the first policy that has one, else 1. An empty list is a
    /// decision too (everything is kept) and has a revision, unlike <see cref="SamplingModel.KeepAll"/>, which nobody has declared.
    /// </summary>
    public static SamplingModel Compose(IEnumerable<SamplingPolicy> policies)
    {
        var ordered = InOrder(policies);
        var model = new SamplingModel
        {
            Rules = [.. ordered.SelectMany(policy => policy.Rules.Select(rule => rule with { Name = $"{policy.Name}/{rule.Name}" }))],
            Default = ordered.FirstOrDefault(policy => policy.Default is not null)?.Default ?? 1,
        };
        return model with { Revision = SamplingModelJson.RevisionOf(model) };
    }
}
