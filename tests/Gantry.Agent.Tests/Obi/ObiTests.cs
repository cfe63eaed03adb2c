using Gantry.Agent.Boot;
using Gantry.Agent.Boot.Verbs;
using Gantry.Agent.Host;
using Gantry.Agent.Instrument;
using Gantry.Agent.Instrument.Obi;
using Gantry.Agent.Supervise;
using Gantry.Agent.Tests.Injector;
using Gantry.Agent.Tests.Support;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Instrumentation.Obi;
using Gantry.Protocol.Inventory;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Agent.Tests.Obi;

public sealed class ObiTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gantry-obi").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_plan_is_rendered(int version)
    {
        var text = ObiRenderer.Render(Plan, version, "http://127.0.0.1:4318/", [42, 7], out var problems);

        Assert.Empty(problems);
        Golden.Check($"obi-v{version}.yaml", text!);
    }

    [Fact]
    public void A_block_that_takes_from_an_allow_above_is_refused()
    {
        var plan = Plan with { Rules = [Allow("shop/all", "/opt/*"), Block("shop/tools", "/opt/tools/*"), Allow("shop/rest", "/opt/tools/x")] };

        Assert.Null(ObiRenderer.Render(plan, 2, "http://x", [], out var problems));

        Assert.StartsWith("rule shop/tools: leaves alone what rule shop/all above it allows", problems[0].ToString());
    }

    [Theory]
    [InlineData("/opt/{a}")]
    [InlineData("/opt/?")]
    public void A_glob_that_means_something_else_to_OBI_is_refused(string glob)
    {
        Assert.Null(ObiRenderer.Render(Plan with { Rules = [Allow("shop/all", glob)] }, 1, "http://x", [], out var problems));

        Assert.Equal(glob, problems[0].Value);
    }

    [Fact]
    public void Folders_that_OBI_leaves_out_are_looked_into_when_a_rule_names_them()
    {
        var nginx = Plan with { Rules = [Allow("shop/nginx", "/usr/sbin/nginx")] };

        var text = ObiRenderer.Render(nginx, 1, "http://x", [], out _)!;

        Assert.Contains("excluded_linux_system_paths:\n    - /lib/systemd/\n    - /usr/lib/systemd/\n    - /usr/libexec/\n    - /sbin/\n  instrument:", text);
        Assert.Contains("excluded_linux_system_paths: []\n", ObiRenderer.Render(Plan with { Rules = [Allow("shop/nginx", "*/nginx")] }, 1, "http://x", [], out _)!);
        Assert.DoesNotContain("excluded_linux_system_paths", ObiRenderer.Render(Plan, 1, "http://x", [], out _)!);
        Assert.Null(ObiRenderer.Render(nginx, 2, "http://x", [], out var problems));
        Assert.Contains("is in /usr/sbin/, which OBI leaves out", problems[0].ToString());
    }

    [Fact]
    public void Units_cannot_be_said_and_everything_is_too_much()
    {
        InstrumentationRule unit = new("shop/unit", RuleAction.Allow, new ProcessMatch { Units = ["a.service"] });
        InstrumentationRule all = new("shop/all", RuleAction.Allow, new ProcessMatch());

        Assert.Null(ObiSelection.Compile([unit, all], out var problems));

        Assert.Equal(["rule shop/unit", "rule shop/all"], problems.Select(problem => problem.Where));
    }

    [Fact]
    public async Task The_check_says_exactly_what_is_missing()
    {
        Write("proc/sys/kernel/osrelease", "4.15.0-200-generic\n");
        Write("proc/sys/kernel/perf_event_paranoid", "4\n");
        Write("proc/self/status", "Name:\tx\nCapEff:\t0000000000001000\n");
        Write("sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
        using var output = new StringWriter();

        var code = await AgentVerbs.RunAsync(new VerbConsole(output, TextWriter.Null, TimeProvider.System), ["obi", "check", "--proc", _folder + "/proc", "--sys", _folder + "/sys"], CancellationToken.None);

        Assert.Equal(1, code);
        Assert.Equal(
            [
                "MISSING  kernel                       4.15.0-200-generic; needed is 5.8 or later, or the 4.18 of the RHEL family with its backports",
                "MISSING  type information             /sys/kernel/btf/vmlinux is missing; needed is a kernel built with CONFIG_DEBUG_INFO_BTF=y",
                "MISSING  capabilities                 missing: CAP_BPF, CAP_PERFMON, CAP_DAC_READ_SEARCH, CAP_CHECKPOINT_RESTORE, CAP_SYS_PTRACE, CAP_NET_RAW; run the agent as root, or give its unit these in AmbientCapabilities",
                "MISSING  perf events                  perf_event_paranoid is 4; needed is 2 or less, or CAP_SYS_ADMIN",
                "MISSING  lockdown                     the kernel is locked down for confidentiality, which forbids reading its memory with eBPF; boot with lockdown=integrity or none",
                "less     Go context propagation       not possible: it writes memory of processes, which needs CAP_SYS_ADMIN and no lockdown",
                "less     network context propagation  not possible: no cgroup v2 is mounted at /sys/fs/cgroup",
            ],
            output.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task It_runs_with_the_plan_and_is_stopped_without_it()
    {
        Good();

        // A stand-in that a host without eBPF can run: it reads its configuration and stays.
        Write("obi", "#!/bin/sh\necho \"configuration $2\"\nexec sleep 1000\n");
        MakeExecutable("obi");
        using var proc = new ProcFiles(_folder + "/proc");
        using var sys = new ProcFiles(_folder + "/sys");
        using var real = new ProcFiles("/proc");
        var supervisor = new ChildSupervisor(Guard.Parse($"allow run {_folder}/obi", out _)!, real, TimeProvider.System, NullLogger.Instance);
        var target = new ProcessFact { Pid = 5, StartUnixNano = 1, Executable = "/opt/shop/shop", Language = "go" };
        var other = new ProcessFact { Pid = 6, StartUnixNano = 1, Executable = "/opt/shop/cart", Language = "go" };
        await using var obi = new ObiInstrumenter(supervisor, proc, sys, () => [target, other], process => process.Pid == 5, TimeProvider.System, new ObiOptions(_folder + "/obi", _folder + "/state/obi.yaml", "http://127.0.0.1:4318"));
        var plan = Plan with { Obi = true, Rules = [Allow("shop/all", "/opt/shop/*")] };

        obi.Want(plan, [new Target(target, plan.Rules[0], ObiSelection.Method)]);
        await Eventually.True(() => Tick(obi) && supervisor.Output.Contains("configuration"), "it runs");

        Assert.Equal(InstrumentationState.Observed, obi.StatusOf(target)!.State);
        Assert.Null(obi.StatusOf(other));
        Assert.Contains("target_pids:\n", File.ReadAllText(_folder + "/state/obi.yaml"));
        Assert.Contains("- 6\n", File.ReadAllText(_folder + "/state/obi.yaml"));
        var pid = obi.Child.Pid;
        obi.Want(plan, [new Target(target, plan.Rules[0], ObiSelection.Method)]);
        obi.Tick();
        Assert.Equal(pid, obi.Child.Pid);
        obi.Want(plan with { Obi = false }, []);
        await Eventually.True(() => Tick(obi) && obi.Child.State == ChildState.Stopped, "it is stopped");
    }

    [Fact]
    public async Task Processes_that_come_and_go_do_not_start_it_again_each_time()
    {
        Good();
        Write("obi", "#!/bin/sh\necho \"configuration $2\"\nexec sleep 1000\n");
        MakeExecutable("obi");
        using var proc = new ProcFiles(_folder + "/proc");
        using var sys = new ProcFiles(_folder + "/sys");
        using var real = new ProcFiles("/proc");
        var time = new FakeTimeProvider();
        var supervisor = new ChildSupervisor(Guard.Parse($"allow run {_folder}/obi", out _)!, real, TimeProvider.System, NullLogger.Instance);
        var target = new ProcessFact { Pid = 5, StartUnixNano = 1, Executable = "/opt/shop/shop", Language = "go" };
        var all = new List<ProcessFact> { target, Shop(6), new() { Pid = 8, StartUnixNano = 1, Executable = "/srv/web", Language = "dotnet" } };
        await using var obi = new ObiInstrumenter(supervisor, proc, sys, () => all, _ => true, time, new ObiOptions(_folder + "/obi", _folder + "/state/obi.yaml", "http://127.0.0.1:4318"));
        // OBI has no entry for the rule of another method, so what that one takes needs no exclusion.
        var plan = Plan with { Obi = true, Rules = [Allow("shop/all", "/opt/shop/*"), Allow("shop/web", "/srv/*") with { Method = "dotnet-attach" }] };
        void Want(params ProcessFact[] targets)
        {
            obi.Want(plan, [.. targets.Select(process => new Target(process, plan.Rules[0], ObiSelection.Method))]);
            obi.Tick();
        }

        Want(target);
        await Eventually.True(() => Tick(obi) && supervisor.Output.Contains("configuration"), "it runs");
        var pid = obi.Child.Pid;
        Assert.Equal([6u], Excluded());

        // One comes that is attached to: it waits for its time, and one that goes is left in.
        all.Add(Shop(7));
        Want(target);
        all.RemoveAt(1);
        time.Advance(ObiInstrumenter.BetweenStarts / 2);
        Want(target);
        Assert.Equal((pid, ChildState.Healthy), (obi.Child.Pid, obi.Child.State));

        time.Advance(ObiInstrumenter.BetweenStarts);
        await Eventually.True(() => Tick(obi) && obi.Child is { Starts: 2, State: ChildState.Healthy }, "it is started again, once");
        Assert.Equal([7u], Excluded());
        all.Remove(all.Single(process => process.Pid == 7));
        time.Advance(ObiInstrumenter.BetweenStarts * 2);
        Want(target);
        Assert.Equal((2, ChildState.Healthy), (obi.Child.Starts, obi.Child.State));

        // The only target starts again.
        all.Remove(target);
        Want();
        Assert.Equal(ChildState.Healthy, obi.Child.State);
        var again = Shop(9);
        all.Add(again);
        time.Advance(ObiInstrumenter.WithoutTargets / 2);
        Want(again);
        time.Advance(ObiInstrumenter.WithoutTargets);
        obi.Tick();
        Assert.Equal((2, ChildState.Healthy), (obi.Child.Starts, obi.Child.State));

        all.Remove(again);
        Want();
        time.Advance(ObiInstrumenter.WithoutTargets);
        await Eventually.True(() => Tick(obi) && obi.Child.State == ChildState.Stopped, "with none left it is stopped in the end");

        List<uint> Excluded() => [.. File.ReadLines(_folder + "/state/obi.yaml").Select(line => line.Trim()).Where(line => line.StartsWith("- ", StringComparison.Ordinal) && uint.TryParse(line[2..], out _)).Select(line => uint.Parse(line[2..]))];
    }

    [Fact]
    public async Task What_the_host_lacks_blocks_its_processes()
    {
        Good();
        File.Delete(_folder + "/sys/kernel/btf/vmlinux");
        using var proc = new ProcFiles(_folder + "/proc");
        using var sys = new ProcFiles(_folder + "/sys");
        var target = new ProcessFact { Pid = 5, StartUnixNano = 1, Executable = "/opt/shop/shop", Language = "go" };
        await using var obi = new ObiInstrumenter(
            new ChildSupervisor(Guard.Closed, proc, TimeProvider.System, NullLogger.Instance), proc, sys, () => [], _ => false, TimeProvider.System, new ObiOptions("/bin/true", _folder + "/state/obi.yaml", "http://x"));

        obi.Want(Plan with { Obi = true }, [new Target(target, Plan.Rules[0], ObiSelection.Method)]);

        var status = obi.StatusOf(target)!;
        Assert.Equal((InstrumentationState.Blocked, InstrumentationReasons.Host), (status.State, status.Reason));
        Assert.StartsWith("type information: /sys/kernel/btf/vmlinux is missing", status.Message);
    }

    private static InstrumentationPlan Plan => InstrumentationPlan.Nothing with
    {
        Rules =
        [
            Block("shop/tools", "/opt/*/tools/*"),
            new InstrumentationRule("shop/go", RuleAction.Allow, new ProcessMatch { Executables = ["/opt/*", "/srv/*"], Languages = ["go"] }),
            new InstrumentationRule("shop/web", RuleAction.Allow, new ProcessMatch { Ports = [8080, 9090] }),
        ],
    };

    private static InstrumentationRule Allow(string name, string path) => new(name, RuleAction.Allow, new ProcessMatch { Executables = [path] });

    private static InstrumentationRule Block(string name, string path) => Allow(name, path) with { Action = RuleAction.Block };

    private static ProcessFact Shop(uint pid) => new() { Pid = pid, StartUnixNano = 1, Executable = "/opt/shop/cart", Language = "go" };

    private static bool Tick(ObiInstrumenter obi)
    {
        obi.Tick();
        return true;
    }

    private void Good()
    {
        Write("proc/sys/kernel/osrelease", "6.1.0\n");
        Write("proc/sys/kernel/perf_event_paranoid", "2\n");
        Write("proc/self/status", "CapEff:\t000001ffffffffff\n");
        Write("sys/kernel/btf/vmlinux", "x");
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, path))!);
        File.WriteAllText(Path.Combine(_folder, path), text);
    }

    private void MakeExecutable(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Combine(_folder, path), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
