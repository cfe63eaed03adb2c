using Gantry.Estate.Catalogue;
using Gantry.Estate.Findings;
using Gantry.Estate.Journeys;
using Gantry.Estate.Ladder;
using Gantry.Estate.Resources;
using Gantry.Protocol.Observations;

namespace Gantry.Estate.Quality;

/// <summary>
/// Reads the spec of a <c>QualityRule</c>:
/// <code>
/// title: Critical services are traced
/// impact: critical               # or important, normal, low: the official weights
/// match: {criticality: [mission_critical, high], owner: team-checkout, environment: prod, namespace: shop, language: nodejs, service: 'pay*'}   # without it: every service
/// require: {rung: transactions}  # or attribute: service.version, noFinding: sampled_at_source, owner: true, score: 75
/// fix: Attach it, or prepare it by the injector.
/// </code>
/// </summary>
public static class QualityRuleReader
{
    private const int LongestWord = 200;

    private const int LongestFix = 1000;

    /// <summary>Words of one field; each service is held against all of them.</summary>
    private const int MostWords = 50;

    private static readonly string[] Demands = ["rung", "attribute", "noFinding", "owner", "score"];

    public static ResourceKind Kind { get; } = new("QualityRule", "qualityrules", Read, model => Summary((QualityRule)model)) { Most = 100, Doc = "score" };

    private static QualityRule? Read(string name, FieldReader spec, ResourceProblems problems)
    {
        var before = problems.All.Count;
        var title = JourneyReader.Name(spec, "title");
        if (spec.Find("impact") is null)
        {
            spec.Problem("impact", "is missing; write impact: important");
        }

        var impact = spec.FindWord("impact", ("critical", ScoreImpact.Critical), ("important", ScoreImpact.Important), ("normal", ScoreImpact.Normal), ("low", ScoreImpact.Low)) ?? ScoreImpact.Low;
        var match = spec.FindMapping("match") is { } fields ? Match(fields, problems) : new QualityMatch([], [], [], [], [], []);
        if (spec.Find("require") is null)
        {
            spec.Problem("require", "is missing; write require: {rung: transactions}");
        }

        var require = spec.FindMapping("require") is { } demand ? Require(demand) : null;
        if (spec.Find("fix") is null)
        {
            spec.Problem("fix", "is missing; say what to do where the rule fails");
        }

        var fix = JourneyReader.Text(spec, "fix", LongestFix, "of text", c => char.IsControl(c) && c is not ('\n' or '\t'));
        spec.Done(("weight", "write impact, which has the official weights"), ("target", "a date belongs to a Campaign"));
        return problems.All.Count == before && require is not null ? new QualityRule(name, title.Length > 0 ? title : name, impact, match, require, fix.TrimEnd()) : null;
    }

    private static QualityMatch Match(FieldReader fields, ResourceProblems problems)
    {
        var match = new QualityMatch(
            Words(fields, "service", problems),
            Words(fields, "namespace", problems),
            Words(fields, "environment", problems),
            Words(fields, "owner", problems),
            Words(fields, "criticality", problems),
            Words(fields, "language", problems));
        foreach (var word in match.Criticality.Where(word => !word.Contains('*', StringComparison.Ordinal) && !ServiceReader.Criticalities.Contains(word)))
        {
            fields.Problem("criticality", $"'{word}' is none; there are {string.Join(", ", ServiceReader.Criticalities)}");
        }

        fields.Done(("name", "write service"), ("journey", "write service, with the names of its services"));
        return match;
    }

    /// <summary>A word or a list of them; empty where the field is not there.</summary>
    private static List<string> Words(FieldReader fields, string name, ResourceProblems problems)
    {
        var node = fields.Find(name);
        var items = node switch { null => [], ListNode => fields.FindList(name), _ => [(node, fields.FieldOf(name))] };
        if (node is not null && items.Count is 0 or > MostWords)
        {
            fields.Problem(name, $"expected a word, or a list of 1 to {MostWords}; leave it out for any");
            return [];
        }

        var words = new List<string>();
        foreach (var (item, path) in items)
        {
            if (item is ScalarNode { IsText: true } scalar && scalar.Text.Length is > 0 and <= LongestWord && !scalar.Text.Any(char.IsControl))
            {
                words.Add(scalar.Text);
            }
            else
            {
                problems.Add(item, path, $"expected a word of 1 to {LongestWord} characters, in quotes where it looks like something else; '*' stands for any characters");
            }
        }

        return words;
    }

    private static QualityRequirement? Require(FieldReader fields)
    {
        var asked = Demands.Where(name => fields.Find(name) is not null).ToList();
        var require = asked.Count == 1 ? Of(asked[0], fields) : null;
        fields.Done(("complete", "a share of traces is a journey's; write it into a Campaign's checks"), ("finding", "write noFinding"));
        if (asked.Count > 1)
        {
            fields.Problem(asked[1], $"stands beside {asked[0]}; a rule requires one thing, so write a rule for each");
        }
        else if (asked.Count == 0)
        {
            fields.Problem(Demands[0], $"is missing, and so is every other; write one of {string.Join(", ", Demands)}");
        }

        return require;
    }

    private static QualityRequirement? Of(string asked, FieldReader fields)
    {
        switch (asked)
        {
            case "rung":
                return fields.FindWord("rung", ("baseline", Rung.Baseline), ("transactions", Rung.Transactions), ("custom", Rung.Custom)) is { } rung ? new RungRequirement(rung) : null;
            case "attribute":
                return Known(fields, asked, SourceAttributes.All, "does not travel to the hub; those that do are") is { } key ? new AttributeRequirement(key) : null;
            case "noFinding":
                return Known(fields, asked, [.. FindingCatalogue.All.Select(kind => kind.Code).Distinct()], "is no code of a finding; there are") is { } code ? new NoFindingRequirement(code) : null;
            case "owner":
                if (fields.Find("owner") is ScalarNode { Text: "true" })
                {
                    return new OwnerRequirement();
                }

                fields.Problem("owner", "expected true; which owner is asked for by match");
                return null;
            default:
                return fields.FindInteger("score", 1, 100) is { } least ? new ScoreRequirement(least) : null;
        }
    }

    private static string? Known(FieldReader fields, string name, IReadOnlyList<string> words, string wrong)
    {
        if (fields.FindText(name)?.Text is not { } text)
        {
            return null;
        }

        if (words.Contains(text))
        {
            return text;
        }

        var near = NearWord.Of(text, words) is { } word ? $"; did you mean {word}?" : "";
        fields.Problem(name, $"{wrong} {string.Join(", ", words)}{near}");
        return null;
    }

    private static string Summary(QualityRule rule)
    {
        (string Name, IReadOnlyList<string> Words)[] match =
        [
            ("service", rule.Match.Service), ("namespace", rule.Match.Namespace), ("environment", rule.Match.Environment),
            ("owner", rule.Match.Owner), ("criticality", rule.Match.Criticality), ("language", rule.Match.Language),
        ];
        var of = string.Join(", ", match.Where(field => field.Words.Count > 0).Select(field => $"{field.Name} {string.Join(" or ", field.Words)}"));
        return $"{rule.Impact.ToString().ToLowerInvariant()}: {rule.Require.Words}; {(of.Length > 0 ? of : "every service")}";
    }
}
