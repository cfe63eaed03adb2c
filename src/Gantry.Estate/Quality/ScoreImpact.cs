namespace Gantry.Estate.Quality;

/// <summary>How much a rule weighs in the Instrumentation Score; the numbers are the weights of its specification.</summary>
public enum ScoreImpact
{
    Low = 10,
    Normal = 20,
    Important = 30,
    Critical = 40,
}

/// <summary>What a rule looks at.</summary>
public enum ScoreTarget
{
    Resource,
    Span,
    Metric,
    Log,
    Sdk,
}
