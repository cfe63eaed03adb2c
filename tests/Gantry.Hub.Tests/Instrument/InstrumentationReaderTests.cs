using Gantry.Estate.Instrumentation;
using Gantry.Estate.Methods;
using Gantry.Estate.Pipelines;
using Gantry.Hub.Tests.Pipelines;
using Gantry.Protocol.Inventory;

namespace Gantry.Hub.Tests.Instrument;

public class InstrumentationReaderTests
{
    private const string Everything = """
          matchers: [collector.type=gantry]
          priority: 5
          rules:
          - {name: none, action: block, match: {owner: root}}
          - {name: pay, action: allow, match: {language: dotnet, script: [payments.dll, 'pay-*.dll'], port: 5083, unit: 'shop-*.service', executable: '/opt/*', container: 'abc*', service: pay}, method: dotnet-attach, service: payments, namespace: shop}
          environment: {OTEL_METRIC_EXPORT_INTERVAL: "10000"}
          restart: {policy: oneFirst, bakeFor: 30s}
          network: true
          obi: false

        """;

    [Fact]
    public void Everything_that_can_be_said_is_read_and_travels_to_an_agent_unchanged()
    {
        var pipeline = Documents.Read<Pipeline>(Documents.Head("Instrumentation", "shop") + Everything);

        var plan = InstrumentationPlan.Of([pipeline]);
        var bytes = InstrumentationPlanJson.Write(plan);
        var back = InstrumentationPlanJson.TryRead(bytes, out var error)!;

        Assert.Equal("", error);
        Assert.Equal(bytes, InstrumentationPlanJson.Write(back));
        Assert.Equal(["shop/none", "shop/pay"], back.Rules.Select(rule => rule.Name));
        Assert.Equal(("dotnet-attach", "payments", "shop"), (back.Rules[1].Method, back.Rules[1].Service, back.Rules[1].Namespace));
        Assert.Equal(["payments.dll", "pay-*.dll"], back.Rules[1].Match.Scripts);
        Assert.Equal([5083], back.Rules[1].Match.Ports);
        Assert.Equal((RestartPolicy.OneFirst, TimeSpan.FromSeconds(30), true, false), (back.Restart, back.BakeFor, back.Network, back.Obi));
        Assert.Equal("10000", back.Environment["OTEL_METRIC_EXPORT_INTERVAL"]);
        Assert.Equal("instrumentations/shop", pipeline.Resource);
    }

    [Fact]
    public void The_first_matching_rule_decides_and_what_none_matches_is_left_alone()
    {
        var plan = InstrumentationPlan.Of([Documents.Read<Pipeline>(Documents.Head("Instrumentation", "shop") + Everything)]);
        var process = new ProcessFact { Language = "dotnet", Script = "pay-2.dll", Unit = "shop-pay.service", Executable = "/opt/dotnet", ContainerId = "abcdef", DeclaredService = "pay", Owner = "shop" };
        process.Listening.Add(new ListeningSocket { Address = "::", Port = 5083 });

        Assert.Equal("shop/pay", plan.RuleFor(process)?.Name);
        process.Owner = "root";
        Assert.Equal("shop/none", plan.RuleFor(process)?.Name);
        process.Owner = "shop";
        foreach (var without in new Action<ProcessFact>[] { p => p.Language = "", p => p.Script = "x.dll", p => p.Unit = "", p => p.Executable = "/usr/x", p => p.ContainerId = "", p => p.DeclaredService = "", p => p.Listening.Clear() })
        {
            var other = Gantry.Protocol.Wire.WireMessage.TryRead<ProcessFact>(Gantry.Protocol.Wire.WireMessage.ToArray(process), out _)!;
            without(other);
            Assert.Null(plan.RuleFor(other));
        }
    }

    [Fact]
    public void Of_several_the_higher_priority_is_asked_first_and_its_settings_go()
    {
        var low = Read("low", "priority: 1\n  rules: [{name: a, action: allow}]\n  network: true\n  environment: {OTEL_X: low, OTEL_Y: low}");
        var high = Read("high", "priority: 2\n  rules: [{name: b, action: block}]\n  environment: {OTEL_X: high}");

        var plan = InstrumentationPlan.Of(Pipeline.InOrder([low, high]));

        Assert.Equal(["high/b", "low/a"], plan.Rules.Select(rule => rule.Name));
        Assert.Equal(("high", "low", true), (plan.Environment["OTEL_X"], plan.Environment["OTEL_Y"], plan.Network));
    }

    [Theory]
    [InlineData("rules: [{name: a}]", "spec.rules[0].action", "write action: allow")]
    [InlineData("rules: [{name: a, action: permit}]", "spec.rules[0].action", "expected allow or block")]
    [InlineData("rules: [{name: a, action: allow, match: {language: dotnett}}]", "spec.rules[0].match.language", "did you mean dotnet?")]
    [InlineData("rules: [{name: a, action: allow, match: {args: '--x'}}]", "spec.rules[0].match.args", "never leave a host")]
    [InlineData("rules: [{name: a, action: allow, match: {port: 70000}}]", "spec.rules[0].match.port", "1 to 65535")]
    [InlineData("rules: [{name: a, action: allow, method: dotnet-atach}]", "spec.rules[0].method", "did you mean dotnet-attach?")]
    [InlineData("rules: [{name: a, action: allow, method: taskdef-init}]", "spec.rules[0].method", "gantry render")]
    [InlineData("rules: [{name: a, action: allow, service: x}]", "spec.rules[0].service", "every process")]
    [InlineData("rules: [{name: a, action: block, match: {script: x}, service: x}]", "spec.rules[0].action", "leave them out")]
    [InlineData("rules: [{name: a, action: allow}, {name: b, action: block}]", "spec.rules[1]", "never reached")]
    [InlineData("rules: [{name: a, action: block, match: {script: x}}, {name: a, action: allow}]", "spec.rules[1].name", "earlier rule")]
    [InlineData("network: true\n  environment: {OTEL_SERVICE_NAME: x}", "spec.environment.OTEL_SERVICE_NAME", "identity")]
    [InlineData("network: true\n  environment: {PATH: x}", "spec.environment.PATH", "OTEL_ variable")]
    [InlineData("network: true\n  environment: {OTEL_EXPORTER_OTLP_HEADERS: x}", "spec.environment.OTEL_EXPORTER_OTLP_HEADERS", "secret")]
    [InlineData("network: true\n  environment: {OTEL_X: 'a#b'}", "spec.environment.OTEL_X", "without '#'")]
    [InlineData("network: true\n  restart: {policy: oneFirst, bakeFor: 2d}", "spec.restart.bakeFor", "1s to 60m")]
    [InlineData("enabled: true", "spec.rules", "it would do nothing")]
    public void What_is_wrong_is_said_with_its_field_and_the_way_out(string spec, string field, string words)
    {
        var problems = Documents.Problems(Documents.Head("Instrumentation", "p") + $"  matchers: [a=b]\n  {spec}\n").All;

        Assert.Contains(problems, problem => problem.Field == field && problem.Message.Contains(words, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{\"rules\":[{\"name\":\"a\",\"match\":{}}]}", "action")]
    [InlineData("{\"rules\":[{\"name\":\"a\",\"action\":\"allow\",\"match\":{\"args\":[\"x\"]}}]}", "args")]
    [InlineData("{\"rules\":[{\"name\":\"a\",\"action\":\"permit\"}]}", "permit")]
    [InlineData("{\"later\":1}", "later")]
    [InlineData("{\"restart\":\"never\"}", "never")]
    [InlineData("{\"bakeForSeconds\":-1}", "bakeForSeconds")]
    [InlineData("[]", "")]
    [InlineData("{", "")]
    public void A_plan_that_says_what_this_version_does_not_know_is_refused_whole(string json, string words)
    {
        Assert.Null(InstrumentationPlanJson.TryRead(System.Text.Encoding.UTF8.GetBytes(json), out var error));
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.NotEmpty(error);
    }

    [Fact]
    public void The_sample_is_one()
    {
        var pipeline = Documents.Read<Pipeline>(Repository.Read("samples/instrument/shop.yaml"));

        Assert.Equal("payments", Assert.Single(((InstrumentationContents)pipeline.Contents).Rules).Service);
    }

    [Fact]
    public void The_page_has_an_example_that_is_one_and_every_state_with_its_meaning()
    {
        var page = Repository.Read("docs/instrumentation.md");
        var pipeline = Documents.Read<Pipeline>(page.Split("```yaml\n")[1].Split("```")[0]);

        Assert.Equal(["shop/databases", "shop/payments"], ((InstrumentationContents)pipeline.Contents).Rules.Select(rule => rule.Name));
        Assert.All(InstrumentationWords.States, state => Assert.Contains($"| {state.Word} | {state.Meaning} |", page, StringComparison.Ordinal));
        Assert.All(AgentMethods.All, method => Assert.Contains($"`{method}`", page, StringComparison.Ordinal));
    }

    private static Pipeline Read(string name, string spec) => Documents.Read<Pipeline>(Documents.Head("Instrumentation", name) + $"  matchers: [a=b]\n  {spec}\n");
}
