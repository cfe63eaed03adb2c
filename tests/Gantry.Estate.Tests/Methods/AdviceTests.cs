using Gantry.Estate.Methods;
using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Tests.Methods;

/// <summary>What stands in the way of a method, one thing at a time.</summary>
public class AdviceTests
{
    private static readonly MethodPlatform Vm = MethodPlatforms.Find("vm")!;

    private static ProcessFact Process(string language, string version, Action<ProcessFact>? change = null)
    {
        var process = new ProcessFact { Pid = 7, Language = language, RuntimeVersion = version, Libc = "glibc", Unit = "shop.service", HasDiagnosticPort = language == "dotnet" };
        change?.Invoke(process);
        return process;
    }

    public static TheoryData<string, string, string, string, Action<ProcessFact>> InTheWay => new()
    {
        { "dotnet", "7.0.1", "dotnet-attach", InstrumentationReasons.UnsupportedVersion, _ => { } },
        { "dotnet", "8.0.1", "dotnet-attach", InstrumentationReasons.Host, process => process.HasDiagnosticPort = false },
        { "dotnet", "8.0.1", "dotnet-attach", InstrumentationReasons.OtherAgent, Datadog },
        { "dotnet", "8.0.1", "injector-pkg", InstrumentationReasons.Libc, process => process.Libc = "musl" },
        { "java", "1.7.0_80", "injector-pkg", InstrumentationReasons.UnsupportedVersion, _ => { } },
        { "java", "17", "injector-pkg", InstrumentationReasons.NativeCode, process => process.IsNativeCode = true },
        { "java", "17", "injector-pkg", InstrumentationReasons.SecureExec, process => process.IsSecureExec = true },
        { "java", "17", "injector-pkg", InstrumentationReasons.OtherAgent, Datadog },
        { "java", "17", "injector-pkg", InstrumentationReasons.Container, process => process.ContainerId = "c0ffee" },
        { "java", "17", "unit-environment", InstrumentationReasons.Container, process => process.ContainerId = "c0ffee" },
        { "java", "17", "unit-environment", InstrumentationReasons.Host, process => process.Unit = "session-2.scope" },
        { "nodejs", "18.18.2", "injector-pkg", InstrumentationReasons.UnsupportedVersion, _ => { } },
        { "nodejs", "19.9.0", "injector-pkg", InstrumentationReasons.UnsupportedVersion, _ => { } },
        { "nodejs", "20.5.1", "unit-environment", InstrumentationReasons.UnsupportedVersion, _ => { } },
        { "nodejs", "20.20.2", "injector-pkg", InstrumentationReasons.StaticBinary, process => process.IsStatic = true },
        { "python", "3.9.2", "injector-pkg", InstrumentationReasons.UnsupportedVersion, _ => { } },
        { "python", "3.12", "unit-environment", InstrumentationReasons.Libc, process => process.Libc = "musl" },
        { "go", "go1.16.3", "obi-systemd", InstrumentationReasons.UnsupportedVersion, _ => { } },
        { "ruby", "3.3", "ruby-gem", InstrumentationReasons.OtherAgent, Datadog },
    };

    private static void Datadog(ProcessFact process)
    {
        process.OtherAgents.Add(new OtherAgent { Name = "OpenTelemetry SDK", Rule = "in its dependencies" });
        process.OtherAgents.Add(new OtherAgent { Name = "Datadog", Rule = "its library is mapped", StopsInjection = true });
    }

    [Theory, MemberData(nameof(InTheWay))]
    public void What_is_in_the_way_is_named_with_what_would_change_it(string language, string version, string method, string reason, Action<ProcessFact> change)
    {
        var advice = MethodCatalogue.Advise(Process(language, version, change), Vm);

        var refusal = advice.Baseline.RefusalOf(method) ?? advice.Transactions.RefusalOf(method);
        Assert.NotNull(refusal);
        Assert.Equal(reason, refusal.Reason);
        Assert.Contains(refusal.Message, text => text is ';' or '.');
        Assert.DoesNotContain(advice.Transactions.Applicable, choice => choice.Method.Id == method);
        if (reason == InstrumentationReasons.OtherAgent)
        {
            Assert.StartsWith("Datadog is in it already", refusal.Message);
        }
    }

    [Theory]
    [InlineData("dotnet", "8.0.1")]
    [InlineData("java", "1.8.0_392")]
    [InlineData("nodejs", "v18.19.0")]
    [InlineData("nodejs", "22.1")]
    [InlineData("python", "3.10")]
    public void What_is_in_nothings_way_takes_the_injector(string language, string version) =>
        Assert.Equal("injector-pkg", MethodCatalogue.Advise(Process(language, version), Vm).Transactions.Recommended?.Method.Id);

    [Fact]
    public void Dotnet_on_a_host_gets_both_rungs_without_a_restart()
    {
        var advice = MethodCatalogue.Advise(Process("dotnet", "10.0.1"), Vm);

        Assert.Equal("dotnet-attach", advice.Baseline.Recommended?.Method.Id);
        Assert.Equal("dotnet-attach", advice.Transactions.WithoutRestart?.Method.Id);
        Assert.Equal(MethodRestart.None, advice.Transactions.WithoutRestart?.Cost.Restart);
        Assert.Equal(MethodRestart.Process, advice.Transactions.Recommended?.Cost.Restart);
    }

    [Fact]
    public void Java_without_a_restart_has_no_traces() => Assert.Null(MethodCatalogue.Advise(Process("java", "21"), Vm).Transactions.WithoutRestart);

    [Fact]
    public void Dotnet_compiled_ahead_of_time_has_a_row_of_its_own()
    {
        var advice = MethodCatalogue.Advise(Process("dotnet", "", process => (process.IsNativeCode, process.HasDiagnosticPort) = (true, false)), Vm);

        Assert.Equal("dotnet-native", advice.Cell.Language);
        Assert.Equal("obi-systemd", advice.Baseline.Recommended?.Method.Id);
    }

    [Fact]
    public void What_a_host_cannot_do_is_said_in_its_own_words_after_what_the_process_cannot()
    {
        var host = new HostLimits(new Dictionary<string, (string, string)>
        {
            ["injector-pkg"] = (InstrumentationReasons.NotInstalled, "libotelinject.so is not there; install opentelemetry-injector"),
            ["obi-systemd"] = (InstrumentationReasons.Host, "the kernel has no BTF"),
        });

        var plain = MethodCatalogue.Advise(Process("java", "21"), Vm, host);
        var old = MethodCatalogue.Advise(Process("java", "7"), Vm, host);

        Assert.Equal("unit-environment", plain.Transactions.Recommended?.Method.Id);
        Assert.Equal((InstrumentationReasons.NotInstalled, "libotelinject.so is not there; install opentelemetry-injector"), (plain.Transactions.RefusalOf("injector-pkg")!.Reason, plain.Transactions.RefusalOf("injector-pkg")!.Message));
        Assert.Equal("sdk-metrics", plain.Baseline.Recommended?.Method.Id);
        Assert.Equal(InstrumentationReasons.UnsupportedVersion, old.Transactions.RefusalOf("injector-pkg")?.Reason);
        Assert.Equal("socket-diagnostics", old.Baseline.Recommended?.Method.Id);
    }

    [Fact]
    public void Metrics_from_inside_need_an_agent_inside()
    {
        var refusal = MethodCatalogue.Advise(Process("java", "7"), Vm).Baseline.RefusalOf("sdk-metrics");

        Assert.Equal(InstrumentationReasons.UnsupportedVersion, refusal?.Reason);
        Assert.Contains("Its runtime is Java 7; >=8 is needed", refusal?.Message);
    }

    [Fact]
    public void A_process_that_may_not_be_read_is_refused_nothing_that_is_not_known_and_says_what_is_unchecked()
    {
        var advice = MethodCatalogue.Advise(Process("java", "", process => (process.Libc, process.Unreadable) = ("", "its memory map, for which the agent needs CAP_SYS_PTRACE")), Vm);

        Assert.Contains("that no other agent is in it", advice.Transactions.Recommended?.Unchecked ?? []);
        Assert.Contains("that the runtime's version is >=8", advice.Transactions.Recommended?.Unchecked ?? []);
    }

    [Theory]
    [InlineData("", "its memory map", InstrumentationReasons.Unreadable)]
    [InlineData("", "", InstrumentationReasons.UnsupportedLanguage)]
    [InlineData("erlang", "", InstrumentationReasons.UnsupportedLanguage)]
    public void An_unknown_language_is_looked_at_from_outside(string language, string unreadable, string reason)
    {
        var advice = MethodCatalogue.Advise(Process(language, "1", process => process.Unreadable = unreadable), Vm);

        Assert.Equal("obi-systemd", advice.Baseline.Recommended?.Method.Id);
        Assert.Equal(reason, advice.Transactions.Refused[0].Reason);
        Assert.Null(advice.Transactions.Refused[0].Method);
    }

    [Theory]
    [InlineData("baked", "ecs-fargate", MethodRestart.Task, true)]
    [InlineData("taskdef-init", "ecs-fargate", MethodRestart.Task, false)]
    [InlineData("php-distro", "vm", MethodRestart.Process, false)]
    [InlineData("php-distro", "kubernetes", MethodRestart.Pod, true)]
    [InlineData("lambda-otel-layer", "lambda", MethodRestart.Function, false)]
    [InlineData("otelc", "lambda", MethodRestart.Rebuild, true)]
    [InlineData("obi-daemonset", "kubernetes", MethodRestart.None, false)]
    public void A_method_costs_what_its_platform_makes_of_it(string method, string platform, MethodRestart restart, bool image)
    {
        var cost = MethodCatalogue.Find(method)!.CostOn(MethodPlatforms.Find(platform)!);

        Assert.Equal((restart, image), (cost.Restart, cost.Image));
    }

    [Theory]
    [InlineData("12.0.1", "x64", InstrumentationReasons.UnsupportedVersion)]
    [InlineData("8.0.1", "arm64", InstrumentationReasons.UnsupportedVersion)]
    [InlineData("8.0.1", "x64", null)]
    public void The_layer_for_dotnet_is_for_one_runtime_on_one_architecture(string version, string architecture, string? reason)
    {
        var advice = MethodCatalogue.Advise(MatrixTests.Traits("dotnet", version) with { Architecture = architecture }, MethodPlatforms.Find("lambda")!);

        Assert.Equal(reason, advice.Transactions.RefusalOf("lambda-adot-layer")?.Reason);
    }

    [Theory]
    [InlineData(">=8", "8", true)]
    [InlineData(">=8", "7.9.9", false)]
    [InlineData(">=1.17", "go1.17rc1", true)]
    [InlineData(">=1.17", "1.9", false)]
    [InlineData("^18.19 || >=20.6", "18.20.1", true)]
    [InlineData("^18.19 || >=20.6", "19.0.0", false)]
    [InlineData("^18.19 || >=20.6", "20.6.0", true)]
    [InlineData(">=8", "", null)]
    [InlineData(">=8", "latest", null)]
    [InlineData(">=8", "99999999999999999999", null)]
    public void Versions_are_compared_as_numbers(string range, string version, bool? contained) => Assert.Equal(contained, VersionRange.Contains(range, version));
}
