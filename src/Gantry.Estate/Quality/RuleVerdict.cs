namespace Gantry.Estate.Quality;

/// <summary>What is known of a rule for one service over one window.</summary>
public enum RuleVerdict
{
    /// <summary>Nothing that it looks at was seen, or it cannot be judged here.</summary>
    NotJudged,

    Passed,

    Failed,
}
