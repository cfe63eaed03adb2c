using System.Text.RegularExpressions;
using Gantry.Estate.Matching;
using Gantry.Estate.Methods;
using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;
using Gantry.Estate.Sampling;

namespace Gantry.Estate.Instrumentation;

/// <summary>
/// Reads the spec of an <c>Instrumentation</c>:
/// <code>
/// matchers: [collector.type=gantry, env=prod]   # which hosts, by their agents
/// enabled: true
/// priority: 0                    # -1000 to 1000; rules of the higher one are asked first, and its settings go first
/// rules:                         # the first that matches decides; what none matches is left alone
/// - name: payments
///   action: allow                # or block
///   match: {language: dotnet, script: payments.dll}   # each a word or a list, with '*'
///   method: auto                 # or the id of a method
///   service: payments
///   namespace: shop
/// environment: {OTEL_METRIC_EXPORT_INTERVAL: "10000"}
/// restart: {policy: manual}      # or oneFirst, with bakeFor: 60s
/// network: true
/// obi: false
/// </code>
/// </summary>
public static partial class InstrumentationReader
{
    public const int MostRules = 200;

    private const int MostVariables = 64;

    private const int LongestValue = 2048;

    private static readonly TimeSpan ShortestBake = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestBake = TimeSpan.FromHours(1);

    public static ResourceKind Kind { get; } = new("Instrumentation", "instrumentations", Read, model => Summary((Pipeline)model)) { Doc = "instrumentation" };

    private static Pipeline? Read(string name, FieldReader spec, ResourceProblems problems)
    {
        var before = problems.All.Count;
        var matchers = MatcherReader.Read(spec, problems);
        var enabled = spec.FindWord("enabled", ("true", true), ("false", false)) ?? true;
        var priority = spec.FindInteger("priority", -1000, 1000) ?? 0;
        var rules = Rules(name, spec, problems);
        var environment = spec.FindMapping("environment") is { } variables ? Environment(variables, problems) : [];
        var (policy, bake) = Restart(spec);
        var network = spec.FindWord("network", ("true", true), ("false", false));
        var obi = spec.FindWord("obi", ("true", true), ("false", false));
        if (spec.Find("rules") is null && network is null && obi is null)
        {
            spec.Problem("rules", "is missing, and so are network and obi: it would do nothing; write rules: [{name: all, action: allow}]");
        }

        spec.Done(("rollout", "a change reaches every matching agent at once"));
        return problems.All.Count == before
            ? new Pipeline(name, name, PipelineType.Instrumentation, enabled, priority, matchers, new InstrumentationContents(rules, environment, policy, bake, network, obi))
            : null;
    }

    private static List<InstrumentationRule> Rules(string resource, FieldReader spec, ResourceProblems problems)
    {
        var rules = new List<InstrumentationRule>();
        var items = spec.FindList("rules");
        if (items.Count > MostRules)
        {
            spec.Problem("rules", $"expected at most {MostRules} rules, these are {items.Count}; use wildcards, or several resources");
            return rules;
        }

        foreach (var (item, path) in items)
        {
            if (FieldReader.Of(item, path, problems) is { } fields && Rule(resource, fields, rules, problems) is { } rule)
            {
                rules.Add(rule);
            }
        }

        return rules;
    }

    private static InstrumentationRule? Rule(string resource, FieldReader fields, List<InstrumentationRule> earlier, ResourceProblems problems)
    {
        var before = problems.All.Count;
        var name = fields.Text("name", "payments")?.Text ?? "";
        if (name.Length > 0 && !RuleName().IsMatch(name))
        {
            fields.Problem("name", "expected up to 63 letters, digits, '-', '_' and '.'");
        }
        else if (earlier.Exists(rule => rule.Name == $"{resource}/{name}"))
        {
            fields.Problem("name", "is the name of an earlier rule too; rename one of the two");
        }

        if (fields.Find("action") is null)
        {
            fields.Problem("action", "is missing; write action: allow, or action: block");
        }

        var action = fields.FindWord("action", ("allow", RuleAction.Allow), ("block", RuleAction.Block)) ?? RuleAction.Block;
        var match = fields.FindMapping("match") is { } reader ? ProcessMatchReader.Read(reader, problems) : new ProcessMatch();
        var rule = new InstrumentationRule($"{resource}/{name}", action, match, Name(fields, "method"), Name(fields, "service"), Name(fields, "namespace"));
        if (action == RuleAction.Block && rule.Method.Length + rule.Service.Length + rule.Namespace.Length > 0)
        {
            fields.Problem("action", "is block, so method, service and namespace say nothing; leave them out");
        }

        if (rule.Service.Length > 0 && match.IsEmpty)
        {
            fields.Problem("service", "would be the name of every process; write a match, or leave it out");
        }

        if (!rule.IsAuto && !AgentMethods.All.Contains(rule.Method))
        {
            fields.Problem("method", MethodCatalogue.Find(rule.Method) is { } other
                ? $"is not one that an agent can carry out ({other.Title}): `gantry render` makes what it needs; expected auto, {string.Join(", ", AgentMethods.All)}"
                : $"expected auto, {string.Join(", ", AgentMethods.All)}{(NearWord.Of(rule.Method, AgentMethods.All) is { } near ? $"; did you mean {near}?" : "")}");
        }

        fields.Done(("sampler", "sampling is decided at the gateway; write a SamplingPolicy"));
        if (earlier.Find(known => known.Match.IsEmpty) is { } all)
        {
            problems.Add(fields.Place, fields.Path, $"is never reached: rule {all.Name} before it matches every process; move that one to the end");
        }

        return problems.All.Count == before ? rule : null;
    }

    /// <summary>A word that goes into file names, environments and telemetry.</summary>
    private static string Name(FieldReader fields, string name)
    {
        var text = fields.FindText(name)?.Text ?? "";
        if (text.Length > 0 && !Word().IsMatch(text))
        {
            fields.Problem(name, "expected up to 200 letters, digits, '-', '_', '.' and '/'");
        }

        return text;
    }

    private static SortedDictionary<string, string> Environment(FieldReader fields, ResourceProblems problems)
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, _) in ((MappingNode)fields.Place).Fields.Take(MostVariables))
        {
            if (fields.Find(key.Text) is not { } node)
            {
                continue;
            }

            var field = fields.FieldOf(key.Text);
            if (!key.Text.StartsWith("OTEL_", StringComparison.Ordinal) || !key.Text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_'))
            {
                problems.Add(key, field, "expected the name of an OTEL_ variable");
            }
            else if (key.Text is "OTEL_SERVICE_NAME" or "OTEL_RESOURCE_ATTRIBUTES" or "OTEL_ENTITIES")
            {
                problems.Add(key, field, "is identity, and this environment is every process's; write service and namespace in a rule");
            }
            else if (key.Text.Contains("HEADERS", StringComparison.Ordinal) || SecretWords.IsSecret(key.Text))
            {
                problems.Add(key.Line, key.Column, field, "", "may hold a secret; set it on the host");
            }
            else if (node is not ScalarNode { IsNull: false } value || value.Text.Length > LongestValue || value.Text.Any(c => char.IsControl(c) || c == '#') || SecretWords.HasUserInfo(value.Text))
            {
                problems.Add(node.Line, node.Column, field, "", $"expected a text of up to {LongestValue} characters without '#', line breaks or passwords");
            }
            else
            {
                variables[key.Text] = value.Text;
            }
        }

        if (((MappingNode)fields.Place).Fields.Count > MostVariables)
        {
            problems.Add(fields.Place, fields.Path, $"expected at most {MostVariables} variables");
        }
        else
        {
            fields.Done();
        }

        return variables;
    }

    private static (RestartPolicy? Policy, TimeSpan? BakeFor) Restart(FieldReader spec)
    {
        if (spec.FindMapping("restart") is not { } restart)
        {
            return (null, null);
        }

        var policy = restart.FindWord("policy", ("manual", RestartPolicy.Manual), ("oneFirst", RestartPolicy.OneFirst));
        TimeSpan? bake = null;
        if (restart.Find("bakeFor") is { } node)
        {
            bake = node is ScalarNode scalar ? SamplingWords.ParseDuration(scalar.Text) : null;
            if (bake is not { } time || time < ShortestBake || time > LongestBake)
            {
                restart.Problem("bakeFor", "expected a time from 1s to 60m, such as 60s");
            }
        }

        restart.Done();
        return (policy, bake);
    }

    private static string Summary(Pipeline pipeline)
    {
        var contents = (InstrumentationContents)pipeline.Contents;
        var rules = contents.Rules.Count == 1 ? "1 rule" : $"{contents.Rules.Count} rules";
        var matchers = pipeline.Matchers.Count == 0 ? "no agent" : string.Join(", ", pipeline.Matchers);
        return $"{rules}{(contents.Network == true ? ", network" : "")}{(contents.Obi == true ? ", OBI" : "")}: {matchers}{(pipeline.Enabled ? "" : ", disabled")}";
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RuleName();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_./-]{0,199}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Word();
}
