using Gantry.Estate.Sampling;

namespace Gantry.Estate.Quality;

/// <summary>A rule of the company's own: it counts in the company score only, never in the official one.</summary>
/// <param name="Name">Of its document.</param>
/// <param name="Match">The services that it is for.</param>
/// <param name="Fix">What to do where it fails, as the company says it.</param>
public sealed record QualityRule(string Name, string Title, ScoreImpact Impact, QualityMatch Match, QualityRequirement Require, string Fix)
{
    public int Weight => (int)Impact;
}

/// <summary>
/// Services by what is said of them. Each list holds words in which '*' stands for any run of characters; one that fits is enough. An empty list fits every
/// service; what nobody said of a service fits no word, not even '*'.
/// </summary>
/// <param name="Service">Names of the service; one of all that it has is enough.</param>
/// <param name="Namespace">service.namespace.</param>
/// <param name="Environment">deployment.environment.name.</param>
/// <param name="Owner">Person or team.</param>
/// <param name="Criticality">As service.criticality spells it: "mission_critical", "high", "medium", "low".</param>
/// <param name="Language">As telemetry.sdk.language spells it.</param>
public sealed record QualityMatch(
    IReadOnlyList<string> Service,
    IReadOnlyList<string> Namespace,
    IReadOnlyList<string> Environment,
    IReadOnlyList<string> Owner,
    IReadOnlyList<string> Criticality,
    IReadOnlyList<string> Language)
{
    public bool IsOf(IEnumerable<string> names, string @namespace, string environment, string owner, string criticality, string language) =>
        Fits(Namespace, @namespace) && Fits(Environment, environment) && Fits(Owner, owner) && Fits(Criticality, criticality) && Fits(Language, language)
        && (Service.Count == 0 || names.Any(name => Fits(Service, name)));

    private static bool Fits(IReadOnlyList<string> patterns, string text)
    {
        if (patterns.Count == 0)
        {
            return true;
        }

        foreach (var pattern in patterns)
        {
            if (text.Length > 0 && Glob.Matches(pattern, text))
            {
                return true;
            }
        }

        return false;
    }
}
