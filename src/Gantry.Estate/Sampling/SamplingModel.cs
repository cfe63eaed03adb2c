namespace Gantry.Estate.Sampling;

/// <summary>The policy in force, ready to be asked. Immutable: a new policy is a new model, swapped in whole.</summary>
public sealed record SamplingModel
{
    public static SamplingModel KeepAll { get; } = new();

    /// <summary>Hash of the content; "" for none.</summary>
    public string Revision { get; init; } = "";

    /// <summary>In order: the first that matches decides.</summary>
    public IReadOnlyList<SamplingRule> Rules { get; init; } = [];

    /// <summary>For spans that no rule matches: 0 keeps none; else 2^-56 to 1.</summary>
    public double Default { get; init; } = 1;

    /// <summary>False when every span is kept whatever it is: nothing need be asked then.</summary>
    public bool CanDrop
    {
        get
        {
            var drops = Default < 1;
            // Asked once a request: an enumerator would be an allocation.
            for (var i = 0; i < Rules.Count && !drops; i++)
            {
                drops = Rules[i].Probability < 1;
            }

            return drops;
        }
    }

    /// <summary>All that the rules say about spans of these facts. Worth keeping: it depends on nothing else.</summary>
    public SamplingDecision DecisionFor(in SpanFacts facts)
    {
        var steps = new List<SamplingStep>();
        foreach (var rule in Rules)
        {
            if (rule.Matches(facts))
            {
                var least = rule.SlowerThan is { } slow ? (ulong)Math.Max(0, slow.Ticks) * 100 : 0;
                steps.Add(new SamplingStep(least, Threshold.FromProbability(rule.Probability), rule.Name));
                if (least == 0)
                {
                    return new SamplingDecision([.. steps]);
                }
            }
        }

        steps.Add(new SamplingStep(0, Threshold.FromProbability(Default), ""));
        return new SamplingDecision([.. steps]);
    }
}

/// <summary>One rule that may decide: for spans of at least this duration.</summary>
/// <param name="Rule">Its name; "" for the default.</param>
public readonly record struct SamplingStep(ulong LeastDurationNano, Threshold Threshold, string Rule);

/// <summary>The rules that match some facts, in order; the last one has no least duration.</summary>
public sealed class SamplingDecision
{
    private readonly SamplingStep[] _steps;
    private readonly SampledState[] _states;
    private readonly SampledState? _only;

    public SamplingDecision(SamplingStep[] steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        _steps = steps;
        _states = [.. steps.Select(step => new SampledState(step.Threshold))];
        _only = _states.Length == 1 ? _states[0] : null;
    }

    /// <summary>Whoever asks for a span of this duration gets the first step it is long enough for.</summary>
    public SamplingStep Step(ulong durationNano) => _steps[IndexOf(durationNano)];

    public SampledState StateOf(ulong durationNano) => _only ?? _states[IndexOf(durationNano)];

    private int IndexOf(ulong durationNano)
    {
        var i = 0;
        while (durationNano < _steps[i].LeastDurationNano)
        {
            i++;
        }

        return i;
    }
}

/// <summary>A threshold with the bytes that say it, made once.</summary>
public sealed class SampledState(Threshold threshold)
{
    public Threshold Threshold { get; } = threshold;

    /// <summary>"e666"</summary>
    public byte[] Text { get; } = System.Text.Encoding.ASCII.GetBytes(threshold.ToString());

    /// <summary>Tracestate of a span that had none: "ot=th:e666". Empty for a threshold that keeps all: such a span is not marked (OTEP 235).</summary>
    public byte[] TraceState { get; } = threshold.Value == 0 || threshold.IsNever ? [] : System.Text.Encoding.ASCII.GetBytes($"ot=th:{threshold}");
}
