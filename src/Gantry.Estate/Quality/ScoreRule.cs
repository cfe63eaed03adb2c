namespace Gantry.Estate.Quality;

/// <summary>A rule of the Instrumentation Score.</summary>
/// <param name="Id">As the specification has it: "RES-001". Stable.</param>
/// <param name="Criteria">When it passes, in our words and with the specification's numbers.</param>
/// <param name="Why">What is worse as long as it fails.</param>
/// <param name="Fix">What to do, in one or two sentences.</param>
/// <param name="Setting">The setting, configuration or command that does it; "" where there is none.</param>
/// <param name="Evidence">From what it is judged here, and what that leaves out.</param>
public sealed record ScoreRule(
    string Id, ScoreTarget Target, ScoreImpact Impact, string Title, string Criteria, string Why, string Fix, string Setting, string Evidence)
{
    /// <summary>Why it can never be judged here; "" for a rule that can.</summary>
    public string Undecidable { get; init; } = "";

    public int Weight => (int)Impact;
}
