namespace Gantry.Estate.Sampling;

/// <summary>One rule: which spans, and with what probability they are kept. An empty field matches everything.</summary>
public sealed record SamplingRule
{
    public string Name { get; init; } = "";

    /// <summary>service.name; '*' stands for any run of characters.</summary>
    public string Service { get; init; } = "";

    /// <summary>service.namespace, exactly.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>deployment.environment.name, exactly.</summary>
    public string Environment { get; init; } = "";

    /// <summary>Span name as RED shows it, ids folded; '*' stands for any run of characters.</summary>
    public string Operation { get; init; } = "";

    /// <summary>Span.kind: 1 internal, 2 server, 3 client, 4 producer, 5 consumer.</summary>
    public int? Kind { get; init; }

    /// <summary>Status.code: 0 unset, 1 ok, 2 error.</summary>
    public int? Status { get; init; }

    /// <summary>Only spans that took at least this long.</summary>
    public TimeSpan? SlowerThan { get; init; }

    /// <summary>0 keeps none; else 2^-56 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Whether it matches, duration aside.</summary>
    public bool Matches(in SpanFacts facts) =>
        (Service.Length == 0 || Glob.Matches(Service, facts.Service))
        && (Namespace.Length == 0 || Namespace == facts.Namespace)
        && (Environment.Length == 0 || Environment == facts.Environment)
        && (Operation.Length == 0 || Glob.Matches(Operation, facts.Operation))
        && (Kind is null || Kind == facts.Kind)
        && (Status is null || Status == facts.Status);
}

/// <summary>What rules look at. Durations are looked at span by span.</summary>
public readonly record struct SpanFacts(string Service, string Namespace, string Environment, string Operation, int Kind, int Status);
