using Gantry.Agent.Instrument;
using Gantry.Agent.Tests.Support;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Methods;
using Gantry.Protocol.Inventory;
using Microsoft.Extensions.Time.Testing;

namespace Gantry.Agent.Tests.Instrument;

public sealed class DirectorTests : IDisposable
{
    private readonly FakeHost _host = new();
    private readonly RecordedLog _log = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Recorder _attach = new("dotnet-attach");
    private readonly RemotePlan _plan;
    private HostLimits _limits = new(AgentMethods.All.Where(id => id != "dotnet-attach").ToDictionary(id => id, _ => (InstrumentationReasons.NotInstalled, "not here")));
    private byte _hash;

    public DirectorTests() => _plan = new RemotePlan(_host.PathOf("state"), _log);

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Without_a_plan_every_process_is_detected_and_nothing_is_wanted()
    {
        var process = DotNet(1);

        Assert.True(Director().Direct([process]));

        Assert.Equal((InstrumentationState.Detected, "dotnet-attach"), (process.Instrumentation!.State, process.Instrumentation.Method));
        Assert.Empty(_attach.Wanted);
    }

    [Fact]
    public void Rules_are_asked_in_order_and_each_instrumenter_is_told_all_that_is_its_own()
    {
        Give(Rule("admin", RuleAction.Block, "admin.dll"), Rule("rest", RuleAction.Allow));
        var (blocked, allowed, native) = (DotNet(1, "admin.dll"), DotNet(2), DotNet(3));
        native.IsNativeCode = true;
        var director = Director();

        director.Direct([blocked, allowed, native]);

        Assert.Equal((InstrumentationState.Blocked, InstrumentationReasons.RuleBlocks, "shop/admin"), State(blocked));
        Assert.Equal((InstrumentationState.Configured, "", "shop/rest"), State(allowed));
        // What would look at it from outside is not on this host.
        Assert.Equal((InstrumentationState.Blocked, InstrumentationReasons.NotInstalled, "shop/rest"), State(native));
        Assert.Equal([2u], _attach.Wanted.Select(target => target.Process.Pid));
    }

    [Fact]
    public void What_is_no_longer_wanted_is_let_go()
    {
        Give(Rule("rest", RuleAction.Allow));
        var director = Director();
        director.Direct([DotNet(1)]);
        Assert.Single(_attach.Wanted);

        Give();
        Assert.True(director.IsBusy);
        director.Direct([DotNet(1)]);

        Assert.Empty(_attach.Wanted);
        Assert.False(director.IsBusy);
    }

    [Fact]
    public void A_kept_plan_that_cannot_be_read_lets_nothing_go()
    {
        Give(Rule("rest", RuleAction.Allow));
        File.WriteAllBytes(_host.PathOf("state/remote-config"), [0xFF]);
        var told = new Recorder("dotnet-attach") { Status = new InstrumentationStatus { State = InstrumentationState.Loaded } };
        var director = new Director(new RemotePlan(_host.PathOf("state"), _log), [told], _ => _limits, new LastProcesses(), _time, _log);

        director.Direct([DotNet(1)]);

        Assert.Equal(0, told.Calls);
    }

    [Fact]
    public void The_instrumenter_says_how_far_it_is_and_since_when_is_remembered_over_scans()
    {
        Give(Rule("rest", RuleAction.Allow));
        var director = Director();
        var (first, second, third) = (DotNet(1), DotNet(1), DotNet(1));
        director.Direct([first]);
        _time.Advance(TimeSpan.FromSeconds(10));
        _attach.Status = new InstrumentationStatus { State = InstrumentationState.Loaded, Evidence = "a session" };
        Assert.True(director.Direct([second]));
        _time.Advance(TimeSpan.FromSeconds(10));
        _attach.Status = new InstrumentationStatus { State = InstrumentationState.Loaded, Evidence = "the same session" };

        Assert.False(director.Direct([third]));

        Assert.Equal(InstrumentationState.Loaded, third.Instrumentation!.State);
        Assert.Equal(second.Instrumentation!.SinceUnixNano, third.Instrumentation.SinceUnixNano);
        Assert.True(second.Instrumentation.SinceUnixNano > first.Instrumentation!.SinceUnixNano);
        Assert.Equal(2, _log.Count("ProcessState"));
    }

    [Fact]
    public void A_pid_that_is_another_process_begins_anew()
    {
        Give(Rule("rest", RuleAction.Allow));
        var director = Director();
        var (old, reused) = (DotNet(1), DotNet(1));
        reused.StartUnixNano = 99;
        director.Direct([old]);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.True(director.Direct([reused]));
        Assert.True(reused.Instrumentation!.SinceUnixNano > old.Instrumentation!.SinceUnixNano);
    }

    [Fact]
    public void What_the_host_does_not_allow_is_said_with_the_line_that_would()
    {
        Give(Rule("rest", RuleAction.Allow));
        _limits = new HostLimits(AgentMethods.All.ToDictionary(id => id, _ => (InstrumentationReasons.Guard, "add the line 'allow attach'")));
        var process = DotNet(1);

        Director().Direct([process]);

        Assert.Equal((InstrumentationState.Blocked, InstrumentationReasons.Guard, "shop/rest"), State(process));
        Assert.Empty(_attach.Wanted);
    }

    [Fact]
    public void An_instrumenter_that_fails_takes_no_inventory_with_it_and_is_complained_of_once()
    {
        Give(Rule("rest", RuleAction.Allow));
        _attach.Fails = true;
        var director = Director();
        var process = DotNet(1);

        director.Direct([process]);
        director.Direct([DotNet(1)]);

        Assert.Equal(InstrumentationState.Configured, process.Instrumentation!.State);
        Assert.Equal(1, _log.Count("InstrumenterFailed"));
    }

    private Director Director() => new(_plan, [_attach], _ => _limits, new LastProcesses(), _time, _log);

    private void Give(params InstrumentationRule[] rules) =>
        _plan.Offer(RemotePlanTests.Config(++_hash, InstrumentationPlanJson.Write(InstrumentationPlan.Nothing with { Rules = rules })));

    private static InstrumentationRule Rule(string name, RuleAction action, string script = "") =>
        new("shop/" + name, action, new ProcessMatch { Scripts = script.Length > 0 ? [script] : [] });

    private static ProcessFact DotNet(uint pid, string script = "payments.dll") => new()
    {
        Pid = pid, StartUnixNano = 1, Executable = "/usr/bin/dotnet", Script = script, DisplayName = script, Language = "dotnet", RuntimeVersion = "10.0.1", Libc = "glibc", HasDiagnosticPort = true,
    };

    private static (InstrumentationState State, string Reason, string Rule) State(ProcessFact process) => (process.Instrumentation!.State, process.Instrumentation.Reason, process.Instrumentation.Rule);

    private sealed class Recorder(string method) : IInstrumenter
    {
        public IReadOnlyList<string> Methods => [method];

        public IReadOnlyList<Target> Wanted { get; private set; } = [];

        public InstrumentationStatus? Status { get; set; }

        public bool Fails { get; set; }

        public int Calls { get; private set; }

        public void Want(InstrumentationPlan plan, IReadOnlyList<Target> targets)
        {
            Calls++;
            Wanted = Fails ? throw new InvalidOperationException("broken") : targets;
        }

        public InstrumentationStatus? StatusOf(ProcessFact process) => Status;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
