using Gantry.Estate.Resources;
using Gantry.Estate.Sampling;
using Gantry.Hub.Estate;
using Gantry.Hub.Sampling;

namespace Gantry.Hub.Tests.Estate;

public class ResourceTextTests
{
    private const string Head = "apiVersion: gantry/v1\nkind: SamplingPolicy\nmetadata: {name: p}\n";

    [Fact]
    public void A_policy_with_everything_is_read()
    {
        var policy = Policy(Head + """
            spec:
              priority: -5
              rules:
              - name: all.of-it_1
                match: {service: "check*", namespace: shop, environment: production, operation: "POST *", kind: server, status: error, slowerThan: 1.5s}
                probability: 1/3
              - {name: never, match: {kind: unspecified}, keep: never}
              - name: number
                match: {status: unset, slowerThan: 800us}
                probability: 1e-4
              default: {keep: always}
            """);

        Assert.Equal(("p", -5, 1.0), (policy.Name, policy.Priority, policy.Default));
        Assert.Equal(
            new SamplingRule
            {
                Name = "all.of-it_1", Service = "check*", Namespace = "shop", Environment = "production", Operation = "POST *", Kind = 2, Status = 2,
                SlowerThan = TimeSpan.FromSeconds(1.5), Probability = 1.0 / 3,
            },
            policy.Rules[0]);
        Assert.Equal(new SamplingRule { Name = "never", Kind = 0, Probability = 0 }, policy.Rules[1]);
        Assert.Equal(new SamplingRule { Name = "number", Status = 0, SlowerThan = TimeSpan.FromMicroseconds(800), Probability = 1e-4 }, policy.Rules[2]);
    }

    [Fact]
    public void Json_is_read_too()
    {
        var policy = Policy("{\n\t\"apiVersion\": \"gantry/v1\", \"kind\": \"SamplingPolicy\",\n\t\"metadata\": {\"name\": \"p\", \"labels\": {\"team\": \"a\"}},\n\t\"spec\": {\"default\": {\"probability\": 0.25}}\n}\n");

        Assert.Equal(0.25, policy.Default);
    }

    [Fact]
    public void The_example_that_pages_offer_is_sound() => Assert.Equal(3, Policy(SamplingExample.Yaml).Rules.Count);

    /// <summary>Line 4 is the first of the spec.</summary>
    [Theory]
    [InlineData("spec: {rules: [{name: a, probability: 10%}]}", 4, 39, "spec.rules[0].probability", "10%", "a number above 0 and up to 1")]
    [InlineData("spec: {rules: [{name: a, probability: 0}]}", 4, 39, "spec.rules[0].probability", "0", "keep: never")]
    [InlineData("spec: {rules: [{name: a, probability: 1.01}]}", 4, 39, "spec.rules[0].probability", "1.01", "up to 1")]
    [InlineData("spec: {rules: [{name: a, probability: -0.5}]}", 4, 39, "spec.rules[0].probability", "-0.5", "above 0")]
    [InlineData("spec: {rules: [{name: a, probability: 2/1}]}", 4, 39, "spec.rules[0].probability", "2/1", "up to 1")]
    [InlineData("spec: {rules: [{name: a, probability: 1/0}]}", 4, 39, "spec.rules[0].probability", "1/0", "a fraction")]
    [InlineData("spec: {rules: [{name: a, probability: 1e-18}]}", 4, 39, "spec.rules[0].probability", "1e-18", "above 0")]
    [InlineData("spec: {rules: [{name: a, probability: .nan}]}", 4, 39, "spec.rules[0].probability", ".nan", "above 0")]
    [InlineData("spec: {rules: [{name: a, probability: [1]}]}", 4, 39, "spec.rules[0].probability", "", "above 0")]
    [InlineData("spec: {rules: [{name: a}]}", 4, 16, "spec.rules[0].probability", "", "is missing; write probability")]
    [InlineData("spec: {rules: [{name: a, keep: sometimes}]}", 4, 32, "spec.rules[0].keep", "sometimes", "always or never")]
    [InlineData("spec: {rules: [{name: a, keep: always, probability: 0.5}]}", 4, 32, "spec.rules[0].keep", "always", "says the same")]
    [InlineData("spec: {rules: [{keep: always}]}", 4, 16, "spec.rules[0].name", "", "is missing")]
    [InlineData("spec: {rules: [{name: 7, keep: always}]}", 4, 23, "spec.rules[0].name", "7", "in quotes")]
    [InlineData("spec: {rules: [{name: a b, keep: always}]}", 4, 23, "spec.rules[0].name", "a b", "letters, digits")]
    [InlineData("spec: {rules: [{name: a, match: {status: error}, keep: always}, {name: a, keep: never}]}", 4, 72, "spec.rules[1].name", "a", "an earlier rule")]
    [InlineData("spec: {rules: [{name: a, keep: always}, {name: b, keep: never}]}", 4, 41, "spec.rules[1]", "", "never reached")]
    [InlineData("spec: {rules: [{name: a, match: {service: '*'}, keep: always}, {name: b, keep: never}]}", 4, 64, "spec.rules[1]", "", "never reached")]
    [InlineData("spec: {rules: {name: a}}", 4, 15, "spec.rules", "", "expected a list")]
    [InlineData("spec: {rules: [a]}", 4, 16, "spec.rules[0]", "a", "expected a mapping")]
    [InlineData("spec: {rules: [{name: a, match: [], keep: always}]}", 4, 33, "spec.rules[0].match", "", "expected a mapping")]
    [InlineData("spec: {rules: [{name: a, match: {kind: SERVER}, keep: always}]}", 4, 40, "spec.rules[0].match.kind", "SERVER", "server, client")]
    [InlineData("spec: {rules: [{name: a, match: {status: 2}, keep: always}]}", 4, 42, "spec.rules[0].match.status", "2", "error, ok or unset")]
    [InlineData("spec: {rules: [{name: a, match: {slowerThan: 500}, keep: always}]}", 4, 46, "spec.rules[0].match.slowerThan", "500", "with its unit")]
    [InlineData("spec: {rules: [{name: a, match: {slowerThan: -1s}, keep: always}]}", 4, 46, "spec.rules[0].match.slowerThan", "-1s", "above 0")]
    [InlineData("spec: {rules: [{name: a, match: {slowerThan: 25h}, keep: always}]}", 4, 46, "spec.rules[0].match.slowerThan", "25h", "up to 24h")]
    [InlineData("spec: {rules: [{name: a, match: {service: 12}, keep: always}]}", 4, 43, "spec.rules[0].match.service", "12", "in quotes")]
    [InlineData("spec: {rules: [{name: a, match: {service: ''}, keep: always}]}", 4, 43, "spec.rules[0].match.service", "", "1 to 256")]
    [InlineData("spec: {rules: [{name: a, match: {environment: prod*}, keep: always}]}", 4, 47, "spec.rules[0].match.environment", "prod*", "without wildcards")]
    [InlineData("spec: {rules: [{name: a, match: {sevrice: x}, keep: always}]}", 4, 34, "spec.rules[0].match.sevrice", "", "did you mean service?")]
    [InlineData("spec: {rules: [{name: a, match: {attributes: {}}, keep: always}]}", 4, 34, "spec.rules[0].match.attributes", "", "does not know it yet")]
    [InlineData("spec: {rules: [{name: a, keep: always, until: tomorrow}]}", 4, 40, "spec.rules[0].until", "", "does not know it yet")]
    [InlineData("spec: {default: {probability: 0.1}, budget: 5}", 4, 37, "spec.budget", "", "does not know it yet")]
    [InlineData("spec: {default: {probability: 0.1}, trust: {}}", 4, 37, "spec.trust", "", "does not know it yet")]
    [InlineData("spec: {default: {probability: 0.1}, leases: []}", 4, 37, "spec.leases", "", "does not know it yet")]
    [InlineData("spec: {default: {probability: 0.1}, default: {probability: 0.2}}", 4, 37, "spec.default", "", "is there twice")]
    [InlineData("spec: {default: 0.1}", 4, 17, "spec.default", "0.1", "expected a mapping")]
    [InlineData("spec: {default: {probability: 0.1, keep: never}}", 4, 42, "spec.default.keep", "never", "says the same")]
    [InlineData("spec: {default: {probability: 0.1}, priority: 1001}", 4, 47, "spec.priority", "1001", "-1000 to 1000")]
    [InlineData("spec: {default: {probability: 0.1}, priority: high}", 4, 47, "spec.priority", "high", "a whole number")]
    [InlineData("spec: {priority: 1}", 4, 7, "spec.rules", "", "the policy says nothing")]
    [InlineData("spec: 1", 4, 7, "spec", "1", "expected a mapping")]
    [InlineData("", 1, 1, "spec", "", "is missing")]
    [InlineData("spec: {default: {keep: always}}\nstatus: {}", 5, 1, "status", "", "Gantry writes the status")]
    [InlineData("spec: {default: {keep: always}}\nspecs: {}", 5, 1, "specs", "", "did you mean spec?")]
    [InlineData("spec: &x {default: {keep: always}}", 4, 7, "", "", "anchors")]
    [InlineData("spec: !thing {default: {keep: always}}", 4, 7, "", "!thing", "tags")]
    [InlineData("spec: {default: {keep: always}", 5, 1, "", "", "neither YAML nor JSON")]
    [InlineData("spec: {default: {keep: always}}\n\tx: 1", 5, 1, "", "", "neither YAML nor JSON")]
    public void What_is_wrong_is_named_with_its_place_and_the_fix(string rest, int line, int column, string field, string value, string words)
    {
        var problem = Assert.Single(Problems(Head + rest + "\n"));

        Assert.Equal(("f.yaml", line, column, field, value), (problem.File, problem.Line, problem.Column, problem.Field, problem.Value));
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("apiVersion: gantry/v2", "apiVersion", "expected gantry/v1")]
    [InlineData("apiVersion: 1", "apiVersion", "expected text")]
    [InlineData("kind: Deployment", "kind", "expected SamplingPolicy")]
    [InlineData("metadata: {name: Not_a_name}", "metadata.name", "lower-case letters")]
    [InlineData("metadata: {name: ''}", "metadata.name", "lower-case letters")]
    [InlineData("metadata: {}", "metadata.name", "is missing")]
    [InlineData("metadata: {name: p, namespace: x}", "metadata.namespace", "is not known; there are name, labels")]
    [InlineData("metadata: {name: p, labels: {team: 4}}", "metadata.labels.team", "in quotes")]
    [InlineData("metadata: {name: p, labels: {'a b': c}}", "metadata.labels.a b", "expected a name")]
    [InlineData("metadata: p", "metadata", "expected a mapping")]
    public void The_envelope_is_checked_too(string line, string field, string words)
    {
        var key = line.Split(':')[0];
        var lines = (Head + "spec: {default: {keep: always}}").Split('\n').Where(other => !other.StartsWith(key, StringComparison.Ordinal)).Append(line);

        var problem = Assert.Single(Problems(string.Join('\n', lines) + "\n"));

        Assert.Equal(field, problem.Field);
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_of_all_documents_come_at_once_as_lines_that_editors_know()
    {
        var problems = Problems("kind: SamplingPolicy\n---\n" + Head + "spec:\n  rules:\n  - name: a\n    probability: 7\n    mach: {}\n");

        Assert.Equal(["apiVersion", "metadata", "spec", "spec.rules[0].probability", "spec.rules[0].mach"], problems.Select(problem => problem.Field));
        Assert.Equal("f.yaml:9:18: spec.rules[0].probability '7': expected a number above 0 and up to 1, such as 0.1, or a fraction such as 1/10; to drop all write keep: never", problems[3].ToString());
    }

    [Fact]
    public void Documents_keep_their_own_text_with_comments()
    {
        var one = "# the first\n" + Head + "spec: {default: {keep: always}} # all\n";
        var two = Head.Replace("name: p", "name: q", StringComparison.Ordinal) + "# second\nspec: {default: {keep: never}}\n";
        var problems = new ResourceProblems("f.yaml");

        var documents = ResourceText.Read(one + "---\n# only words\n---\n" + two + "...\n", problems);

        Assert.Empty(problems.All);
        Assert.Equal([one, two], documents.Select(document => document.Text));
        Assert.Equal([2, 9], documents.Select(document => document.Line));
    }

    [Fact]
    public void Depth_and_length_have_bounds()
    {
        Assert.Contains("levels", Assert.Single(Problems(new string('[', 100_000))).Message + Assert.Single(Problems("a: " + new string('[', 40) + new string(']', 40))).Message, StringComparison.Ordinal);
        Assert.Contains("is longer", Assert.Single(Problems(new string('#', ResourceDocument.LongestText + 1))).Message, StringComparison.Ordinal);
        Assert.Contains("at most 500 rules", Assert.Single(Problems(Head + "spec: {rules: [" + string.Join(',', Enumerable.Repeat("{name: a, keep: always}", 501)) + "]}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_cut_of_a_document_is_read_or_refused_and_never_throws()
    {
        for (var length = 0; length < SamplingExample.Yaml.Length; length++)
        {
            var problems = new ResourceProblems("cut");
            var documents = ResourceText.Read(SamplingExample.Yaml[..length], problems);
            Assert.True(documents.Count == 0 || problems.All.Count == 0);
        }
    }

    private static SamplingPolicy Policy(string text)
    {
        var problems = new ResourceProblems("f.yaml");
        var documents = ResourceText.Read(text, problems);
        Assert.Empty(problems.All);
        return Assert.IsType<SamplingPolicy>(Assert.Single(documents).Model);
    }

    private static IReadOnlyList<ResourceProblem> Problems(string text)
    {
        var problems = new ResourceProblems("f.yaml");
        ResourceText.Read(text, problems);
        return problems.All;
    }
}
