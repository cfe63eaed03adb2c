using System.Text;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Instrumentation.Injector;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Tests.Injector;

/// <summary>Every trap of the injector's files, with random texts.</summary>
public sealed class InjectorTrapTests
{
    private const string Letters = "abzAZ09 /._-=:*?#,'\"\\%$\t\n\u0001é☃";

    [Fact]
    public void A_pattern_is_read_back_as_it_was_written_or_refused()
    {
        var accepted = 0;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var text = Text(new Random(seed), 12);
            if (InjectorLint.PatternProblem(text) is not null)
            {
                continue;
            }

            accepted++;
            var selects = new InjectorOracle($"include_paths={text}\n");
            var plain = text.Replace("*", "");
            Assert.True(selects.Selects(plain, [plain]), text);
            Assert.False(selects.Selects(plain + "\u0002x", [plain]) && !text.EndsWith('*'), text);
            Assert.True(text.Count(c => c == '*') <= 2);
        }

        Assert.True(accepted > 500, $"{accepted}");
    }

    [Fact]
    public void A_variable_of_the_host_is_read_back_as_it_was_written_or_the_plan_is_refused()
    {
        var (accepted, refused) = (0, 0);
        for (var seed = 0; seed < 5_000; seed++)
        {
            var random = new Random(seed);
            var name = random.Next(4) switch { 0 => "OTEL_" + Text(random, 4), 1 => "PATH", _ => "OTEL_A" };
            var value = random.Next(50) == 0 ? new string('x', 9000) : Text(random, 6);
            var files = InjectorRenderer.Render(Plan(Node) with { Environment = new Dictionary<string, string> { [name] = value } }, Host());
            if (files.Files.Count == 0)
            {
                Assert.NotEmpty(files.Problems);
                Assert.All(files.Problems, problem => Assert.StartsWith(InjectorPaths.EnvironmentFile + " line ", problem.Where));
                refused++;
                continue;
            }

            accepted++;
            var text = files.Files.Single(file => file.Path == InjectorPaths.EnvironmentFile).Content;
            Assert.Equal(value, new InjectorOracle(text).Scalar(name));
            Assert.StartsWith("OTEL_", name);
            Assert.All(text.Split('\n'), line => Assert.True(Encoding.UTF8.GetByteCount(line) < 8192));
        }

        Assert.True(accepted > 300 && refused > 300, $"{accepted} {refused}");
    }

    [Theory]
    [InlineData("OTEL_SERVICE_NAME", "shop")]
    [InlineData("OTEL_RESOURCE_ATTRIBUTES", "service.name=shop")]
    [InlineData("OTEL_INJECTOR_SERVICE_NAME", "shop")]
    [InlineData("LD_PRELOAD", "/x.so")]
    public void No_identity_and_no_foreign_variable_is_written_for_the_whole_host(string name, string value)
    {
        var files = InjectorRenderer.Render(Plan(Node) with { Environment = new Dictionary<string, string> { [name] = value } }, Host());

        Assert.Empty(files.Files);
        Assert.Equal($"{InjectorPaths.EnvironmentFile} line 2", files.Problems[0].Where);
        Assert.Equal($"{name}={value}", files.Problems[0].Value);
        Assert.Single(files.Refused);
    }

    [Fact]
    public void A_value_of_a_unit_reaches_it_as_it_was_written_or_is_refused()
    {
        var accepted = 0;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var value = Text(new Random(seed), 10);
            var problems = new List<InjectorProblem>();
            var file = UnitDropIn.Write("shop.service", [new("OTEL_SERVICE_NAME", value), new("NODE_OPTIONS", "--require /x.js")], new Dictionary<string, string> { ["NODE_OPTIONS"] = value }, problems);
            if (problems.Count > 0)
            {
                Assert.Contains(value, char.IsControl);
                Assert.Equal("/etc/systemd/system/shop.service.d/50-gantry-otel.conf line 3", problems[0].Where);
                continue;
            }

            accepted++;
            Assert.Equal(value, SystemdOracle.Environment(file.Content)["OTEL_SERVICE_NAME"]);
            Assert.Equal(value, UnitDropIn.Had(file.Content)["NODE_OPTIONS"]);
            Assert.Equal("--require /x.js", SystemdOracle.Environment(file.Content)["NODE_OPTIONS"]);
        }

        Assert.True(accepted > 5000, $"{accepted}");
    }

    [Theory]
    [InlineData("../x.service")]
    [InlineData("a/b.service")]
    [InlineData(".service")]
    [InlineData("x.scope")]
    [InlineData("a\n.service")]
    [InlineData("..service")]
    public void No_name_of_a_unit_leads_out_of_the_folder(string unit) => Assert.NotNull(UnitDropIn.UnitProblem(unit));

    [Fact]
    public void What_another_file_includes_is_named_as_no_later_file_can_take_it_back()
    {
        var host = Host() with { OtherFiles = [new HostFile("/etc/opentelemetry/injector/conf.d/java.conf", "jvm_auto_instrumentation_agent_path=/x\n include_paths = /opt/* # all\n")] };

        var files = InjectorRenderer.Render(Plan(Node), host);

        Assert.Empty(files.Files);
        Assert.Equal("/etc/opentelemetry/injector/conf.d/java.conf line 2: 'include_paths=/opt/*' selects processes beside the plan, and no later file can take it back; remove the line, and say it in an Instrumentation resource", files.Problems[0].ToString());
    }

    [Fact]
    public void A_process_that_is_no_target_is_not_selected_by_path()
    {
        var other = new ProcessFact { Pid = 9, StartUnixNano = 1, Executable = "/usr/bin/node", Language = "nodejs", Unit = "other.service", DisplayName = "other.js" };

        var files = InjectorRenderer.Render(Plan(Node), Host() with { Processes = [Node, other] });

        Assert.Contains("pid 9", files.ByUnit);
        var conf = files.Files.Single(file => file.Path == InjectorPaths.Conf).Content;
        Assert.False(new InjectorOracle(conf).Selects("/usr/bin/node", ["node"]));
        var unit = SystemdOracle.Environment(files.Files.Single(file => file.Path == InjectorPaths.DropIn("shop.service")).Content);
        Assert.True(new InjectorOracle(conf).With("include_paths", unit["OTEL_INJECTOR_INCLUDE_PATHS"]).Instruments("/usr/bin/node", ["node"], "nodejs"));
        Assert.False(new InjectorOracle(conf).With("include_paths", unit["OTEL_INJECTOR_INCLUDE_PATHS"]).Selects("/bin/sh", ["sh"]));
    }

    [Fact]
    public void A_process_without_a_unit_that_no_path_can_tell_apart_is_refused_by_its_rule()
    {
        var cron = new ProcessFact { Pid = 7, StartUnixNano = 1, Executable = "/usr/bin/node", Language = "nodejs", Owner = "shop", DisplayName = "job.js" };
        var rule = new InstrumentationRule("shop/jobs", RuleAction.Allow, new ProcessMatch { Owners = ["shop"] });

        var files = InjectorRenderer.Render(InstrumentationPlan.Nothing with { Rules = [rule] }, Host() with { Injected = [new InjectorTarget(cron, rule)], Processes = [cron] });

        Assert.Equal("rule shop/jobs: 'job.js' has no systemd unit, and its rule cannot be said by path; let a unit run it, or name its executable in a rule of its own", files.Refused[cron]);
    }

    [Fact]
    public void An_option_that_the_unit_has_is_kept_and_ours_is_appended_once()
    {
        var has = new Dictionary<string, string> { ["NODE_OPTIONS"] = "--max-old-space-size=64" };
        var first = LanguageVariables.For("nodejs", "/x/register.js", "glibc", "x64", has, out _)[0].Value;
        var second = LanguageVariables.For("nodejs", "/x/register.js", "glibc", "x64", new Dictionary<string, string> { ["NODE_OPTIONS"] = first }, out _)[0].Value;

        Assert.Equal("--max-old-space-size=64 --require /x/register.js", first);
        Assert.Equal(first, second);
        Assert.Empty(LanguageVariables.For("dotnet", "/x", "glibc", "x64", new Dictionary<string, string> { ["CORECLR_PROFILER"] = "{another}" }, out var problem));
        Assert.Contains("CORECLR_PROFILER is set already", problem);
    }

    [Fact]
    public void The_name_that_a_process_declares_is_kept_beside_the_one_that_it_is_given()
    {
        var named = Allow with { Service = "shop-checkout" };
        var said = Say("checkout");

        // The same before and behind its restart: what it declares is told as it was, by the variable.
        Assert.Equal(("shop-checkout", "checkout"), Names(said, named));
        Assert.Equal((null, null), Names(said, Allow));
        Assert.Equal(("shop.js", ""), Names(Say(""), Allow));

        static ProcessFact Say(string declared) => new() { Pid = 1, StartUnixNano = 2, Executable = "/usr/bin/node", Language = "nodejs", Unit = "shop.service", DisplayName = "shop.js", DeclaredService = declared };
        static (string?, string?) Names(ProcessFact process, InstrumentationRule rule)
        {
            var unit = UnitOf(InjectorRenderer.Render(Plan(process), Host() with { Injected = [new InjectorTarget(process, rule)], Processes = [process] }));
            return (unit.GetValueOrDefault("OTEL_SERVICE_NAME"), unit.GetValueOrDefault(KnownDistros.DeclaredVariable));
        }
    }

    [Fact]
    public void What_else_runs_changes_no_drop_in()
    {
        var other = new ProcessFact { Pid = 9, StartUnixNano = 1, Executable = "/usr/bin/node", Language = "nodejs", Unit = "other.service", DisplayName = "other.js" };

        var alone = InjectorRenderer.Render(Plan(Node), Host());
        var beside = InjectorRenderer.Render(Plan(Node), Host() with { Processes = [Node, other] });

        Assert.Equal(("", false), (alone.ByUnit, beside.ByUnit.Length == 0));
        Assert.Equal(UnitOf(alone), UnitOf(beside));
        Assert.Equal("/usr/bin/node", UnitOf(alone)["OTEL_INJECTOR_INCLUDE_PATHS"]);
    }

    [Theory]
    [InlineData("abc", false, false)]
    [InlineData("", true, false)]
    [InlineData("", false, true)]
    public void What_a_preload_of_the_host_cannot_reach_does_not_change_the_way_of_the_hosts_file(string container, bool isStatic, bool isSecure)
    {
        var other = new ProcessFact { Pid = 9, StartUnixNano = 1, Executable = "/usr/bin/node", Language = "nodejs", DisplayName = "other.js", ContainerId = container, IsStatic = isStatic, IsSecureExec = isSecure };

        Assert.Equal("", InjectorRenderer.Render(Plan(Node), Host() with { Processes = [Node, other] }).ByUnit);
    }

    [Fact]
    public void A_script_of_a_rule_tells_processes_of_one_unit_apart()
    {
        var helper = new ProcessFact { Pid = 9, StartUnixNano = 1, Executable = "/usr/bin/node", Language = "nodejs", Unit = "shop.service", DisplayName = "helper.js", Script = "helper.js" };
        var rule = Allow with { Match = new ProcessMatch { Scripts = ["shop.js"] } };

        var files = InjectorRenderer.Render(InstrumentationPlan.Nothing with { Rules = [rule] }, Host() with { Injected = [new InjectorTarget(Node, rule)], Processes = [Node, helper] });

        Assert.Empty(files.Refused);
        var unit = UnitOf(files);
        var oracle = new InjectorOracle("").With("include_paths", unit["OTEL_INJECTOR_INCLUDE_PATHS"]).With("include_with_arguments", unit["OTEL_INJECTOR_INCLUDE_WITH_ARGUMENTS"]);
        Assert.True(oracle.Selects("/usr/bin/node", ["node", "/srv/shop.js"]));
        Assert.False(oracle.Selects("/usr/bin/node", ["node", "/srv/helper.js"]));
    }

    [Fact]
    public void Languages_are_enabled_by_the_plan_and_not_by_what_runs()
    {
        var java = new ProcessFact { Pid = 9, StartUnixNano = 1, Executable = "/usr/bin/java", Language = "java", Unit = "orders.service", DisplayName = "orders.jar" };
        var rule = new InstrumentationRule("shop/all", RuleAction.Allow, new ProcessMatch { Languages = ["java", "nodejs"] });
        string Conf(params ProcessFact[] runs) => InjectorRenderer.Render(
            InstrumentationPlan.Nothing with { Rules = [rule] }, Host() with { Injected = [.. runs.Select(process => new InjectorTarget(process, rule))], Processes = runs }).Files.Single(file => file.Path == InjectorPaths.Conf).Content;

        Assert.Equal(Conf(Node, java), Conf(Node));
        Assert.Contains("auto_instrumentation_disabled=dotnet,python,ruby\n", Conf(Node));
    }

    [Theory]
    [InlineData("", "service.namespace=eu%2Fshop")]
    [InlineData("deployment.environment.name=prod", "deployment.environment.name=prod,service.namespace=eu%2Fshop")]
    [InlineData("a=b,service.namespace=own", "a=b,service.namespace=own")]
    public void Resource_attributes_of_a_unit_stay_beside_the_namespace(string own, string expected)
    {
        var rule = Allow with { Namespace = "eu/shop" };
        var has = new Dictionary<string, string> { ["OTEL_RESOURCE_ATTRIBUTES"] = own };

        var merged = UnitOf(InjectorRenderer.Render(Plan(Node), Host() with { Injected = [], ByEnvironment = [new InjectorTarget(Node, rule, has)] }));
        var injected = UnitOf(InjectorRenderer.Render(Plan(Node), Host() with { Injected = [new InjectorTarget(Node, rule)] }));

        Assert.Equal(expected, merged["OTEL_RESOURCE_ATTRIBUTES"]);
        Assert.Equal("eu/shop", injected["OTEL_INJECTOR_SERVICE_NAMESPACE"]);
        Assert.DoesNotContain("OTEL_RESOURCE_ATTRIBUTES", injected.Keys);
    }

    private static Dictionary<string, string> UnitOf(InjectorFiles files) => SystemdOracle.Environment(files.Files.Single(file => file.Path == InjectorPaths.DropIn("shop.service")).Content);

    internal static readonly ProcessFact Node = new() { Pid = 5, StartUnixNano = 1, Executable = "/usr/bin/node", Language = "nodejs", Unit = "shop.service", DisplayName = "shop.js", Script = "shop.js", Libc = "glibc" };

    internal static readonly InstrumentationRule Allow = new("shop/node", RuleAction.Allow, new ProcessMatch { Executables = ["/usr/bin/node"] });

    internal static InstrumentationPlan Plan(ProcessFact process) => InstrumentationPlan.Nothing with { Rules = [Allow with { Match = new ProcessMatch { Executables = [process.Executable] } }] };

    internal static InjectorHost Host() => new()
    {
        Injected = [new InjectorTarget(Node, Allow)],
        Processes = [Node],
        Agents = InjectorRuntime.All.ToDictionary(runtime => runtime.Language, runtime => runtime.PackagedPath),
    };

    private static string Text(Random random, int longest) => new([.. Enumerable.Range(0, random.Next(1, longest)).Select(_ => Letters[random.Next(random.Next(3) == 0 ? Letters.Length : 12)])]);
}
