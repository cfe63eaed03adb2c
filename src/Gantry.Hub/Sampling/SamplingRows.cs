using Gantry.Estate.Sampling;

namespace Gantry.Hub.Sampling;

/// <summary>Sampling as every door shows it: the policies in the order in which they are asked, and what each gateway does.</summary>
/// <param name="Revision">In force at the hub; "" where no policy was ever declared.</param>
/// <param name="Problem">Why it is not what the policies say; "" when it is.</param>
/// <param name="Default">0 (never) to 1 (always), where no rule matches.</param>
/// <param name="DefaultFrom">The policy that says so; "" when none does.</param>
public sealed record SamplingView(
    string Revision,
    DateTimeOffset? Since,
    string Problem,
    double Default,
    string DefaultFrom,
    IReadOnlyList<SamplingPolicyRow> Policies,
    IReadOnlyList<GatewaySamplingRow> Gateways)
{
    public static SamplingView None { get; } = new("", null, "", 1, "", [], []);
}

/// <summary>A policy.</summary>
/// <param name="Priority">The policy with the higher one is asked first; of two alike, the one whose name comes first.</param>
/// <param name="Default">Null where it has none.</param>
/// <param name="Source">Who applied it.</param>
/// <param name="Problem">Why this hub cannot read it; "" when it can.</param>
/// <param name="Document">As given.</param>
public sealed record SamplingPolicyRow(
    string Name,
    int Priority,
    IReadOnlyList<SamplingRuleRow> Rules,
    double? Default,
    long Generation,
    string Source,
    DateTimeOffset Applied,
    string Problem,
    string Document);

/// <summary>A rule.</summary>
/// <param name="Match">Its conditions: "service=checkout* status=error".</param>
/// <param name="Probability">0 (never) to 1 (always).</param>
/// <param name="Threshold">The th of kept spans; "" where none is kept.</param>
public sealed record SamplingRuleRow(string Name, string Match, double Probability, string Threshold)
{
    public static SamplingRuleRow Of(SamplingRule rule) =>
        new(rule.Name, SamplingWords.Conditions(rule), rule.Probability, SamplingWords.ThresholdOf(rule.Probability));
}

/// <summary>What a gateway does.</summary>
/// <param name="Door">Where it takes OTLP over HTTP.</param>
/// <param name="Revision">In force there; "" where no policy was ever declared.</param>
/// <param name="State">"in force": the hub's policy. "behind": another one, and the hub's is on its way. "kept": one from before, and the hub has none. "silent": it has not reported for a while. "unknown": it has not said.</param>
/// <param name="Seen">Spans since its policy is in force.</param>
/// <param name="Kept">Of those.</param>
public sealed record GatewaySamplingRow(
    string Id, string Door, string Revision, DateTimeOffset? Since, string State, ulong Seen, ulong Kept, DateTimeOffset LastSeen)
{
    /// <summary>0 to 1; null before the first span.</summary>
    public double? KeptShare => Seen == 0 ? null : (double)Kept / Seen;
}

/// <summary>A revision that was in force.</summary>
public sealed record SamplingRevisionRow(string Revision, DateTimeOffset At, IReadOnlyList<SamplingRuleRow> Rules, double? Default);
