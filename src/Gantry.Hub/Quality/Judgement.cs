using Gantry.Estate.Quality;

namespace Gantry.Hub.Quality;

/// <summary>What came of one rule, and why.</summary>
internal readonly record struct Judgement(RuleVerdict Verdict, string Finding, DateTimeOffset? LastSeen = null, DateTimeOffset? Since = null, DateTimeOffset? LastFailed = null)
{
    public static Judgement None(string why) => new(RuleVerdict.NotJudged, why);

    /// <param name="unseen">What it says when nothing that it looks at came within the window.</param>
    public static Judgement Of(CheckSeen? check, DateTimeOffset from, string unseen) => check switch
    {
        { LastBad: { } bad } seen when bad >= from => new(RuleVerdict.Failed, seen.Example, seen.Last, seen.BadSince, bad),
        { } seen when seen.Last >= from => new(RuleVerdict.Passed, "", seen.Last),
        _ => None(unseen),
    };
}
