namespace Gantry.Estate.Quality;

/// <summary>
/// The published formula: 100 · Σ(Pᵢ·Wᵢ) / Σ(Tᵢ·Wᵢ), where Pᵢ and Tᵢ are the rules of impact i that passed, and all of them. The specification does not
/// say how a rule counts that nothing was seen for; it asks to be told that the score may be incomplete. Here it counts on neither side, and
/// <see cref="Score.Lowest"/> and <see cref="Score.Highest"/> say what the rest could make of it.
/// </summary>
public static class ScoreFormula
{
    /// <param name="verdicts">One of each rule.</param>
    /// <returns>Null when none could be judged.</returns>
    public static Score? Of(IEnumerable<(ScoreImpact Impact, RuleVerdict Verdict)> verdicts)
    {
        var (passed, failed, open, judged, rules) = (0, 0, 0, 0, 0);
        foreach (var (impact, verdict) in verdicts)
        {
            rules++;
            judged += verdict == RuleVerdict.NotJudged ? 0 : 1;
            var weight = (int)impact;
            switch (verdict)
            {
                case RuleVerdict.Passed:
                    passed += weight;
                    break;
                case RuleVerdict.Failed:
                    failed += weight;
                    break;
                default:
                    open += weight;
                    break;
            }
        }

        if (judged == 0)
        {
            return null;
        }

        double all = passed + failed + open;
        return new Score(100.0 * passed / (passed + failed), 100.0 * passed / all, 100.0 * (passed + open) / all, judged, rules);
    }

    /// <summary>The specification's categories: 90, 75 and 50 are the least of "Excellent", "Good" and "Needs Improvement".</summary>
    public static string BandOf(double value) => value switch
    {
        >= 90 => "Excellent",
        >= 75 => "Good",
        >= 50 => "Needs Improvement",
        _ => "Poor",
    };
}

/// <param name="Value">0 to 100, over the rules that were judged.</param>
/// <param name="Lowest">If every rule that was not judged failed.</param>
/// <param name="Highest">If every one of them passed.</param>
/// <param name="Judged">Rules.</param>
/// <param name="Rules">All of them.</param>
public sealed record Score(double Value, double Lowest, double Highest, int Judged, int Rules)
{
    public string Band => ScoreFormula.BandOf(Value);
}
