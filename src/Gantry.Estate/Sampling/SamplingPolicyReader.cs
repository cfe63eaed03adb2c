using System.Text.RegularExpressions;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Sampling;

/// <summary>
/// Reads the spec of a <c>SamplingPolicy</c>:
/// <code>
/// priority: 0                    # -1000 to 1000; higher is asked first
/// rules:                         # the first that matches decides
/// - name: errors
///   match: {service: checkout*, namespace: shop, environment: production, operation: "POST *", kind: server, status: error, slowerThan: 500ms}
///   probability: 0.1             # or "1/10"; or keep: always, keep: never
/// default: {probability: 0.1}    # where no rule of any policy matches
/// </code>
/// </summary>
public static partial class SamplingPolicyReader
{
    public const int MostRules = 500;

    /// <summary>Of a service, an operation and so on, in characters.</summary>
    public const int LongestName = 256;

    private const int LeastPriority = -1000;

    private const int MostPriority = 1000;

    private const string OneOfTwo = "write probability: 0.1, or keep: always, or keep: never";

    public static ResourceKind Kind { get; } = new("SamplingPolicy", "samplingpolicies", Read, model => Summary((SamplingPolicy)model), CheckTogether) { Doc = "sampling" };

    private static SamplingPolicy? Read(string name, FieldReader spec, ResourceProblems problems)
    {
        var before = problems.All.Count;
        var priority = spec.FindInteger("priority", LeastPriority, MostPriority) ?? 0;
        var rules = new List<SamplingRule>();
        var items = spec.FindList("rules");
        if (items.Count > MostRules)
        {
            spec.Problem("rules", $"expected at most {MostRules} rules, these are {items.Count}; use wildcards, or several policies");
            items = [];
        }

        foreach (var (item, path) in items)
        {
            if (FieldReader.Of(item, path, problems) is { } fields && Rule(fields, rules, problems) is { } rule)
            {
                rules.Add(rule);
            }
        }

        double? standard = null;
        if (spec.FindMapping("default") is { } last)
        {
            standard = Share(last);
            last.Done();
        }

        if (spec.Find("rules") is null && spec.Find("default") is null)
        {
            spec.Problem("rules", "is missing, and so is default: the policy says nothing; write one of them");
        }

        spec.Done(
            ("budget", "write probability, which holds whatever the load is"),
            ("budgets", "write probability, which holds whatever the load is"),
            ("trust", "leave it out: a span that says its own threshold is counted and sampled by it"),
            ("leases", "apply the raise as a policy of its own with a high priority, and delete it afterwards"));
        return problems.All.Count == before ? new SamplingPolicy(name, priority, rules, standard) : null;
    }

    private static SamplingRule? Rule(FieldReader fields, List<SamplingRule> earlier, ResourceProblems problems)
    {
        var before = problems.All.Count;
        var name = fields.Text("name", "errors")?.Text;
        if (name is not null && !RuleName().IsMatch(name))
        {
            fields.Problem("name", "expected up to 63 letters, digits, '-', '_' and '.'");
        }
        else if (name is not null && earlier.Exists(rule => rule.Name == name))
        {
            fields.Problem("name", "is the name of an earlier rule too; rename one of the two");
        }

        var rule = Match(fields) with { Name = name ?? "", Probability = Share(fields) ?? 0 };
        fields.Done(
            ("lease", "apply the raise as a policy of its own with a high priority, and delete it afterwards"),
            ("until", "apply the rule as a policy of its own, and delete it afterwards"));
        if (earlier.Find(SamplingWords.MatchesAll) is { } all)
        {
            problems.Add(fields.Place, fields.Path, $"is never reached: rule {all.Name} before it matches every span; move that one to the end, or make it the default");
        }

        return problems.All.Count == before ? rule : null;
    }

    private static SamplingRule Match(FieldReader rule)
    {
        if (rule.FindMapping("match") is not { } match)
        {
            return new SamplingRule();
        }

        var read = new SamplingRule
        {
            Service = Pattern(match, "service"),
            Namespace = Exact(match, "namespace"),
            Environment = Exact(match, "environment"),
            Operation = Pattern(match, "operation"),
            Kind = match.FindWord("kind", ("server", 2), ("client", 3), ("producer", 4), ("consumer", 5), ("internal", 1), ("unspecified", 0)),
            Status = match.FindWord("status", ("error", 2), ("ok", 1), ("unset", 0)),
            SlowerThan = Duration(match, "slowerThan"),
        };
        match.Done(("attributes", "match by service, operation, kind, status or slowerThan"));
        return read;
    }

    private static string Pattern(FieldReader match, string name)
    {
        var node = match.FindText(name);
        if (node is not null && node.Text.Length is 0 or > LongestName)
        {
            match.Problem(name, $"expected 1 to {LongestName} characters, in which * stands for any text; leave {name} out for any");
        }

        // A pattern that every name matches is no condition.
        return node is null || node.Text.All(c => c == '*') ? "" : node.Text;
    }

    private static string Exact(FieldReader match, string name)
    {
        var node = match.FindText(name);
        if (node is not null && (node.Text.Length is 0 or > LongestName || node.Text.Contains('*')))
        {
            match.Problem(name, $"expected the {name} itself, 1 to {LongestName} characters without wildcards; leave it out for any");
        }

        return node?.Text ?? "";
    }

    private static TimeSpan? Duration(FieldReader match, string name)
    {
        if (match.Find(name) is not { } node)
        {
            return null;
        }

        var duration = node is ScalarNode scalar ? SamplingWords.ParseDuration(scalar.Text) : null;
        if (duration is null)
        {
            match.Problem(name, "expected a duration above 0 and up to 24h with its unit, such as 500ms, 1.5s or 2m");
        }

        return duration;
    }

    /// <summary>The share that is kept, said in one of two ways.</summary>
    private static double? Share(FieldReader fields)
    {
        var probability = fields.Find("probability");
        var keep = fields.FindWord("keep", (SamplingWords.Always, 1.0), (SamplingWords.Never, 0.0));
        if (probability is null)
        {
            if (fields.Find("keep") is null)
            {
                fields.Problem("probability", $"is missing; {OneOfTwo}");
            }

            return keep;
        }

        if (fields.Find("keep") is not null)
        {
            fields.Problem("keep", $"says the same as probability; {OneOfTwo}");
        }

        var value = probability is ScalarNode scalar ? SamplingWords.ParseProbability(scalar.Text) : null;
        if (value is null)
        {
            fields.Problem("probability", "expected a number above 0 and up to 1, such as 0.1, or a fraction such as 1/10; to drop all write keep: never");
        }

        return value;
    }

    private static string CheckTogether(IEnumerable<object> policies) =>
        policies.Sum(policy => ((SamplingPolicy)policy).Rules.Count) is > SamplingModelJson.MostRules and var count
            ? $"all policies together would have {count} rules, and gateways take at most {SamplingModelJson.MostRules}; use wildcards"
            : "";

    private static string Summary(SamplingPolicy policy)
    {
        var rules = policy.Rules.Count == 1 ? "1 rule" : $"{policy.Rules.Count} rules";
        return policy.Default is { } standard ? $"{rules}, default {SamplingWords.Probability(standard)}" : rules;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RuleName();
}
