namespace Gantry.Estate.Sampling;

/// <summary>A rule that was asked about a span.</summary>
/// <param name="Mismatch">The first condition that does not hold, in words; "" for the rule that decides.</param>
public sealed record RuleVerdict(SamplingRule Rule, string Mismatch);

/// <summary>
/// How a model comes to its probability for a span, told rule by rule: for people, and the slow and plain twin that the gateway's fast evaluation is
/// held against.
/// </summary>
/// <param name="Asked">Rules in order, up to and with the one that decides.</param>
/// <param name="Probability">0 (never) to 1 (always).</param>
public sealed record SamplingExplanation(IReadOnlyList<RuleVerdict> Asked, double Probability)
{
    /// <summary>Null where no rule matched and the default holds.</summary>
    public SamplingRule? Rule => Asked.Count > 0 && Asked[^1].Mismatch.Length == 0 ? Asked[^1].Rule : null;

    public static SamplingExplanation Of(SamplingModel model, SpanFacts span, TimeSpan duration)
    {
        var asked = new List<RuleVerdict>();
        foreach (var rule in model.Rules)
        {
            var mismatch = Mismatch(rule, span, duration);
            asked.Add(new RuleVerdict(rule, mismatch));
            if (mismatch.Length == 0)
            {
                return new SamplingExplanation(asked, rule.Probability);
            }
        }

        return new SamplingExplanation(asked, model.Default);
    }

    private static string Mismatch(SamplingRule rule, SpanFacts span, TimeSpan duration)
    {
        var text = Text("service", Glob.Matches(rule.Service, span.Service), rule.Service, span.Service)
            ?? Text("namespace", rule.Namespace == span.Namespace, rule.Namespace, span.Namespace)
            ?? Text("environment", rule.Environment == span.Environment, rule.Environment, span.Environment)
            ?? Text("operation", Glob.Matches(rule.Operation, span.Operation), rule.Operation, span.Operation);
        return text switch
        {
            not null => text,
            null when rule.Kind is { } kind && kind != span.Kind => $"kind {SamplingWords.KindOf(span.Kind)} is not {SamplingWords.KindOf(kind)}",
            null when rule.Status is { } status && status != span.Status => $"status {SamplingWords.StatusOf(span.Status)} is not {SamplingWords.StatusOf(status)}",
            null when rule.SlowerThan is { } slow && duration < slow => $"{(duration == TimeSpan.Zero ? "0s" : SamplingWords.Duration(duration))} is faster than {SamplingWords.Duration(slow)}",
            _ => "",
        };
    }

    private static string? Text(string name, bool matches, string wanted, string value) =>
        wanted.Length == 0 || matches ? null : value.Length == 0 ? $"the span has no {name}" : $"{name} '{value}' is not '{wanted}'";
}
