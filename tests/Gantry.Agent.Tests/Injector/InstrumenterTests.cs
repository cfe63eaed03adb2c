using System.Collections.Concurrent;
using System.Net;
using Gantry.Agent.Apply;
using Gantry.Agent.Boot;
using Gantry.Agent.Instrument;
using Gantry.Agent.Instrument.Injector;
using Gantry.Agent.Tests.Apply;
using Gantry.Agent.Tests.Processes;
using Gantry.Agent.Tests.Support;
using Gantry.Estate.Instrumentation;
using Gantry.Estate.Instrumentation.Injector;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Tests.Injector;

/// <summary>Real Node.js services, restarted with what the instrumenter wrote for them; their telemetry is a real request.</summary>
public sealed class InstrumenterTests : IAsyncDisposable
{
    private static readonly string? Node = ChildProcess.Find("node");

    private readonly HostCopy _host = new();
    private readonly RealUnits _units;
    private readonly RecordedLog _log = new();
    private readonly HttpListener _gateway = new();
    private readonly ConcurrentDictionary<uint, string> _telemetry = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("gantry-node").FullName;
    private InjectorInstrumenter? _instrumenter;

    public InstrumenterTests()
    {
        Assert.SkipWhen(Node is null, "node is not on this machine");
        _units = new RealUnits(_host);
        File.WriteAllText(Path.Combine(_folder, "service.js"), "setInterval(() => {}, 1000);");

        // Ignores SIGTERM too, as some preloaded agents make Node.js do.
        var port = Random.Shared.Next(20000, 30000);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                _gateway.Prefixes.Clear();
                _gateway.Prefixes.Add($"http://127.0.0.1:{++port}/");
                _gateway.Start();
                break;
            }
            catch (HttpListenerException) when (attempt < 50)
            {
            }
        }

        File.WriteAllText(Register, $"process.on('SIGTERM', () => {{}}); setInterval(() => require('http').get('http://127.0.0.1:{port}/' + process.pid + '/' + process.env.OTEL_SERVICE_NAME).on('error', () => {{}}), 100);");
        _ = ListenAsync();
    }

    private string Register => Path.Combine(_folder, "register.js");

    public async ValueTask DisposeAsync()
    {
        if (_instrumenter is not null)
        {
            await _instrumenter.DisposeAsync();
        }

        _units?.Dispose();
        _gateway.Close();
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Units_are_restarted_one_first_and_seen_by_their_telemetry()
    {
        Service("a.service");
        Service("b.service");
        var before = (_units.Pid("a.service"), _units.Pid("b.service"));
        var original = _host.Snapshot();
        var instrumenter = Create(Everything);

        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst);
        await Eventually.True(() => Again(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst) && _units.Processes().Count(process => instrumenter.StatusOf(process)?.State == InstrumentationState.Observed) == 2, "both are observed");

        Assert.Equal(["reload", "restart a.service", "restart b.service"], _units.Calls);
        Assert.NotEqual(before.Item1, _units.Pid("a.service"));
        Assert.Equal("a", _telemetry[(uint)_units.Pid("a.service")]);
        var status = instrumenter.StatusOf(_units.Processes()[0])!;
        Assert.Equal($"it was started with {Register} in its environment", status.Evidence);
        Assert.Equal("shop/all", status.Rule);

        instrumenter.Want(InstrumentationPlan.Nothing, []);
        await Eventually.True(() => _host.Snapshot() == original, "the host is as it was");
    }

    [Fact]
    public async Task One_that_does_not_get_well_is_taken_back_and_the_others_are_left_alone()
    {
        File.WriteAllText(Register, "throw new Error('broken agent');");
        Service("a.service");
        Service("b.service");
        var b = _units.Pid("b.service");
        var original = _host.Snapshot();
        var instrumenter = Create(Everything, TimeSpan.FromSeconds(2));

        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst);
        await Eventually.True(() => _log.Count("InstrumentationRolledBack") == 1 && _units.Calls.Count == 4, "it is taken back");
        await Eventually.True(() => _units.Processes().Count == 2, "it runs again");

        Assert.Equal(["reload", "restart a.service", "reload", "restart a.service"], _units.Calls);
        Assert.Equal(b, _units.Pid("b.service"));
        Assert.Equal(original, _host.Snapshot());
        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst);
        await Eventually.True(() => _units.Processes().All(process => instrumenter.StatusOf(process)?.Reason == InstrumentationReasons.RolledBack), "it says so");
        Assert.Contains("a.service was restarted, and within 2 s ", instrumenter.StatusOf(_units.Processes()[0])!.Message);

        // Another agent process, the same plan: not tried again.
        await instrumenter.DisposeAsync();
        var again = Create(Everything, TimeSpan.FromSeconds(2));
        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst);
        await Eventually.True(() => _units.Processes().All(process => again.StatusOf(process)?.Reason == InstrumentationReasons.RolledBack), "it remembers");
        Assert.Equal(original, _host.Snapshot());
    }

    [Fact]
    public async Task A_later_one_that_does_not_get_well_loses_its_own_files_only()
    {
        Service("a.service");
        File.WriteAllText(Path.Combine(_folder, "deaf.js"), "if (process.env.OTEL_SERVICE_NAME) process.exit(1); setInterval(() => {}, 1000);");
        _units.Add("b.service", Node!, Path.Combine(_folder, "deaf.js"));
        Create(Everything, TimeSpan.FromSeconds(7));

        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst);
        await Eventually.True(() => _log.Count("InstrumentationRolledBack") == 1 && _units.Calls.Count == 5, "it is taken back");

        Assert.True(File.Exists(_host.Root + InjectorPaths.DropIn("a.service")));
        Assert.False(File.Exists(_host.Root + InjectorPaths.DropIn("b.service")));
        await Eventually.True(() => _units.Processes().Count == 2, "it runs again");
    }

    [Fact]
    public async Task After_a_later_one_failed_no_other_is_restarted_by_the_next_scan_nor_by_the_next_agent()
    {
        Service("a.service");
        File.WriteAllText(Path.Combine(_folder, "deaf.js"), "if (process.env.OTEL_SERVICE_NAME) process.exit(1); setInterval(() => {}, 1000);");
        _units.Add("b.service", Node!, Path.Combine(_folder, "deaf.js"));
        Service("c.service");
        var c = _units.Pid("c.service");
        var instrumenter = Create(Everything, TimeSpan.FromSeconds(7));
        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst);
        await Eventually.True(() => _log.Count("InstrumentationRolledBack") == 1 && _units.Calls.Count == 5 && _units.Processes().Count == 3, "b is taken back");

        for (var agent = 0; agent < 2; agent++)
        {
            Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst);
            await Eventually.True(() => _units.Processes().Where(process => process.Unit == "c.service").All(process => instrumenter.StatusOf(process)?.Message.Contains("the rollout of this plan ended: b.service was restarted") == true), "it says why");
            await instrumenter.DisposeAsync();
            Assert.Equal((c, 5), (_units.Pid("c.service"), _units.Calls.Count));
            instrumenter = Create(Everything, TimeSpan.FromSeconds(7));
        }
    }

    [Fact]
    public async Task A_start_script_that_adds_to_what_we_gave_does_not_change_our_file()
    {
        _units.Add("a.service", "/bin/sh", "-c", $"export NODE_OPTIONS=\"--no-warnings $NODE_OPTIONS\"; exec {Node} {Path.Combine(_folder, "service.js")}");
        await Eventually.True(() => _units.Processes() is [{ } process] && process.Executable.EndsWith("node", StringComparison.Ordinal), "the script became node");
        var instrumenter = Create(Everything);
        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.Manual);
        await Eventually.True(() => _units.Calls.Contains("reload"), "its file is written");
        var written = _host.Read(InjectorPaths.DropIn("a.service"));

        for (var restart = 0; restart < 2; restart++)
        {
            await _units.RestartAsync("a.service", TestContext.Current.CancellationToken);
            await Eventually.True(() => _units.Processes() is [{ } process] && process.Executable.EndsWith("node", StringComparison.Ordinal), "the script became node");
            Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.Manual);
            await instrumenter.DisposeAsync();
            Assert.Equal(written, _host.Read(InjectorPaths.DropIn("a.service")));
            instrumenter = Create(Everything);
        }
    }

    [Fact]
    public async Task A_unit_is_restarted_once_for_a_plan()
    {
        Service("a.service");
        var instrumenter = Create(Everything);
        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst);
        await Eventually.True(() => Again(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst) && _units.Processes() is [var process] && instrumenter.StatusOf(process)?.State == InstrumentationState.Observed && _log.Count("UnitWell") == 1, "it is observed");

        // Whatever made its file younger.
        File.SetLastWriteTimeUtc(_host.Root + InjectorPaths.DropIn("a.service"), DateTime.UtcNow.AddSeconds(5));
        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst);
        await Eventually.True(() => instrumenter.StatusOf(_units.Processes()[0])?.State == InstrumentationState.RestartPending, "a restart is pending");
        await instrumenter.DisposeAsync();

        Assert.Equal(["reload", "restart a.service"], _units.Calls);
    }

    [Fact]
    public async Task Without_the_hub_no_restart_begins_and_silence_is_no_failure()
    {
        Service("a.service");
        var (isThere, isObserved) = (false, false);
        var instrumenter = Create(Everything, TimeSpan.FromMilliseconds(1500), _ => Volatile.Read(ref isObserved), () => Volatile.Read(ref isThere));
        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst);
        await Eventually.True(() => instrumenter.StatusOf(_units.Processes()[0])?.State == InstrumentationState.RestartPending && _units.Calls.Count == 1, "its files are written");
        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Equal(["reload"], _units.Calls);

        // It goes while the unit starts.
        Volatile.Write(ref isThere, true);
        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst);
        await Eventually.True(() => _units.Calls.Count == 2, "it is restarted");
        Volatile.Write(ref isThere, false);
        await Task.Delay(4000, TestContext.Current.CancellationToken);
        Assert.Equal(0, _log.Count("InstrumentationRolledBack"));

        Volatile.Write(ref isObserved, true);
        Volatile.Write(ref isThere, true);
        await Eventually.True(() => _log.Count("UnitWell") == 1, "it is well");
    }

    [Fact]
    public async Task Another_plan_ends_the_wait_for_a_unit()
    {
        Service("a.service");
        var original = _host.Snapshot();
        var instrumenter = Create(Everything, TimeSpan.FromMinutes(10), _ => false);
        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst);
        await Eventually.True(() => _units.Calls.Count == 2, "it is restarted");

        instrumenter.Want(InstrumentationPlan.Nothing, []);
        await Eventually.True(() => _host.Snapshot() == original, "the host is as it was");
        Assert.Equal(0, _log.Count("InstrumentationRolledBack"));
    }

    [Fact]
    public async Task The_library_in_a_process_that_nothing_selected_when_it_started_is_not_its_instrumentation()
    {
        Library();
        _host.Write(InjectorPaths.Preload, InjectorPaths.Library + "\n");
        Service("a.service");
        ProcessFact Bare() => Assert.Single(_units.Processes(), process => process.Unit.Length > 0) is var process ? WithoutUnit(process) : process;
        var plan = InstrumentationPlan.Nothing with { Rules = [Rule], Restart = RestartPolicy.Manual };
        _instrumenter = new InjectorInstrumenter(
            new HostFiles(_host.Root, _host.State, _log), Everything, _units, () => [Bare()], _ => false, TimeProvider.System, _log,
            new InjectorOptions(Path.Combine(_folder, "state")) { Agents = new Dictionary<string, string> { ["nodejs"] = Register } });

        _instrumenter.Want(plan, [new Target(Bare(), Rule, InjectorRenderer.InjectorMethod)]);
        await Eventually.True(() => File.Exists(_host.Root + InjectorPaths.Conf) && _instrumenter.StatusOf(Bare())?.Evidence.Length > 0, "the host's file is written, and the process is past its start");

        // Clearly behind its start, which is known to a second only.
        File.SetLastWriteTimeUtc(_host.Root + InjectorPaths.Conf, DateTime.UtcNow.AddSeconds(5));

        var status = _instrumenter.StatusOf(Bare())!;
        Assert.Equal((InstrumentationState.RestartPending, "libotelinject.so is mapped"), (status.State, status.Evidence));

        static ProcessFact WithoutUnit(ProcessFact process)
        {
            process.Unit = "";
            return process;
        }
    }

    [Fact]
    public void What_runs_beside_a_stopped_service_in_its_unit_does_not_take_its_files()
    {
        var files = _host.Files();
        var (node, nginx) = (new ProcessFact { Pid = 5, Language = "nodejs", Unit = "a.service", Executable = "/usr/bin/node" }, new ProcessFact { Pid = 6, Unit = "a.service", Executable = "/usr/sbin/nginx" });
        var plan = InstrumentationPlan.Nothing with { Rules = [Rule] };
        HostFile[] rendered = [new HostFile(InjectorPaths.DropIn("a.service"), "[Service]\n")];
        var stopped = new StoppedServices(Path.Combine(_folder, "state"));
        files.Set(stopped.Keep(plan, [new Target(node, Rule, InjectorRenderer.EnvironmentMethod)], [node, nginx], rendered, files, (_, _) => false));

        Assert.Equal(rendered, new StoppedServices(Path.Combine(_folder, "state")).Keep(plan, [], [nginx], [], files, (_, _) => false));
        Assert.Empty(stopped.Keep(plan, [], [node, nginx], [], files, (_, _) => false));
    }

    [Fact]
    public async Task With_the_injector_its_library_is_in_the_process_and_the_preload_line_comes_and_goes()
    {
        Library();
        Service("a.service");
        var original = _host.Snapshot();
        var instrumenter = Create(Everything, isObserved: _ => true);

        Want(InjectorRenderer.InjectorMethod, RestartPolicy.OneFirst);
        await Eventually.True(() => Again(InjectorRenderer.InjectorMethod, RestartPolicy.OneFirst) && _units.Processes() is [var process] && instrumenter.StatusOf(process)?.State == InstrumentationState.Observed, "it is observed");

        Assert.Equal("libotelinject.so is mapped", instrumenter.StatusOf(_units.Processes()[0])!.Evidence);
        Assert.Contains(InjectorPaths.Library, _host.Read(InjectorPaths.Preload));
        Assert.Contains("nodejs_auto_instrumentation_agent_path=" + Register, _host.Read(InjectorPaths.Conf));
        instrumenter.Want(InstrumentationPlan.Nothing, []);
        await Eventually.True(() => _host.Snapshot() == original, "the host is as it was");
    }

    [Fact]
    public async Task When_a_unit_does_not_come_back_without_our_files_either_the_preload_line_goes_last_of_all()
    {
        Library();
        _host.Write(InjectorPaths.Preload, InjectorPaths.Library + "\n");
        var preload = _host.Read(InjectorPaths.Preload);
        File.Delete(_host.Root + InjectorPaths.Preload);

        // Fails at once, where a Node.js would take its time.
        _units.Add("a.service", "/bin/sh", "-c", "[ -z \"$LD_PRELOAD\" ] || exit 1; exec sleep 1000");
        _host.Write(InjectorPaths.Preload, preload);
        var original = _host.Snapshot();
        var instrumenter = Create(Everything, TimeSpan.FromSeconds(1), _ => true);

        Want(InjectorRenderer.InjectorMethod, RestartPolicy.OneFirst);
        await Eventually.True(() => _units.Calls.Count == 6, "it is taken back, and then the line");

        Assert.Equal(["reload", "restart a.service", "reload", "restart a.service", "reload", "restart a.service"], _units.Calls);
        Assert.Equal("", _host.Read(InjectorPaths.Preload));
        await Eventually.True(() => _units.Processes().Count == 1, "it runs again");
        _host.Files().GiveBack();
        Assert.Equal(original, _host.Snapshot());
        Assert.Equal(InstrumentationReasons.RolledBack, instrumenter.StatusOf(Target(InjectorRenderer.InjectorMethod)[0].Process)?.Reason ?? InstrumentationReasons.RolledBack);
    }

    [Fact]
    public async Task Where_a_package_preloads_the_injector_a_failed_plan_leaves_a_file_that_selects_nothing()
    {
        // Without a file of ours the injector takes every process of the host.
        Library();
        _units.Add("a.service", "/bin/sleep", "1000");
        _host.Write(InjectorPaths.Preload, InjectorPaths.Library + "\n");
        var original = _host.Snapshot();
        var instrumenter = Create(Everything, TimeSpan.FromSeconds(1), _ => false);

        Want(InjectorRenderer.InjectorMethod, RestartPolicy.OneFirst);
        await Eventually.True(() => _units.Calls.Count == 4, "it is taken back");

        Assert.Equal(["reload", "restart a.service", "reload", "restart a.service"], _units.Calls);
        Assert.Equal(EmptySelection.File.Content, _host.Read(InjectorPaths.Conf));
        Assert.False(File.Exists(_host.Root + InjectorPaths.EnvironmentFile));

        // Between two processes there is no target: it stays.
        await _units.StopAsync("a.service");
        Want(InjectorRenderer.InjectorMethod, RestartPolicy.OneFirst);
        await instrumenter.DisposeAsync();
        Assert.Equal(EmptySelection.File.Content, _host.Read(InjectorPaths.Conf));
        instrumenter = Create(Everything);
        instrumenter.Want(InstrumentationPlan.Nothing, []);
        await Eventually.True(() => _host.Snapshot() == original, "the host is as it was");
    }

    [Fact]
    public async Task One_whose_files_cannot_be_given_back_is_not_restarted_with_them_again()
    {
        File.WriteAllText(Register, "throw new Error('broken agent');");
        Service("a.service");
        var instrumenter = Create(Everything, TimeSpan.FromSeconds(3));
        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.OneFirst);
        await Eventually.True(() => _units.Calls.Count == 2, "it was restarted");
        _host.Write(InjectorPaths.DropIn("a.service"), "[Service]\nEnvironment=MINE=1\n");

        await Eventually.True(() => _log.Count("InstrumentationRolledBack") == 1 && _log.Count("FileSkipped") == 1, "it is taken back, but for its file");
        await instrumenter.DisposeAsync();
        _instrumenter = null;

        Assert.Equal(["reload", "restart a.service"], _units.Calls);
        Assert.Equal("[Service]\nEnvironment=MINE=1\n", _host.Read(InjectorPaths.DropIn("a.service")));
    }

    [Fact]
    public async Task A_drop_in_that_somebody_edited_blocks_its_own_unit_only()
    {
        Service("a.service");
        Service("b.service");
        var instrumenter = Create(Everything);
        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.Manual);
        await Eventually.True(() => _units.Processes().All(process => instrumenter.StatusOf(process)?.State == InstrumentationState.RestartPending), "both are written");
        _host.Write(InjectorPaths.DropIn("a.service"), "[Service]\nEnvironment=MINE=1\n");
        File.Delete(_host.Root + InjectorPaths.DropIn("b.service"));

        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.Manual);
        await Eventually.True(() => File.Exists(_host.Root + InjectorPaths.DropIn("b.service")), "the other is written again");
        await Eventually.True(() => instrumenter.StatusOf(_units.Processes().Single(process => process.Unit == "a.service"))?.State == InstrumentationState.Blocked, "it says so");

        var status = instrumenter.StatusOf(_units.Processes().Single(process => process.Unit == "a.service"))!;
        Assert.StartsWith(InjectorPaths.DropIn("a.service") + " was changed by somebody else", status.Message);
        Assert.Equal(InstrumentationState.RestartPending, instrumenter.StatusOf(_units.Processes().Single(process => process.Unit == "b.service"))!.State);
        Assert.Equal("[Service]\nEnvironment=MINE=1\n", _host.Read(InjectorPaths.DropIn("a.service")));
    }

    [Fact]
    public async Task A_library_that_a_package_upgrade_replaced_is_still_in_the_process()
    {
        Library();
        _host.Write(InjectorPaths.Preload, InjectorPaths.Library + "\n");
        _units.Add("a.service", "/bin/sleep", "1000");
        var evidence = new ProcessEvidence("/proc");
        await Eventually.True(() => evidence.Mapped(_units.Processes()[0], "libotelinject.so").Length > 0, "it is mapped");

        File.Delete(_host.Root + InjectorPaths.Library);

        Assert.Contains("libotelinject.so (deleted)", File.ReadAllText($"/proc/{_units.Pid("a.service")}/maps"));
        Assert.Equal("libotelinject.so is mapped", evidence.Mapped(_units.Processes()[0], "libotelinject.so"));
        File.Delete(_host.Root + InjectorPaths.Preload);
    }

    [Fact]
    public async Task By_hand_a_restart_is_pending_until_a_person_does_it()
    {
        Service("a.service");
        var instrumenter = Create(Everything);
        var first = _units.Processes()[0];

        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.Manual);
        await Eventually.True(() => instrumenter.StatusOf(first)?.State == InstrumentationState.RestartPending && _units.Calls.Count == 1, "its restart is pending");
        Assert.Equal("it started before its files were written; restart a.service", instrumenter.StatusOf(first)!.Message);
        await _units.RestartAsync("a.service", TestContext.Current.CancellationToken);

        Want(InjectorRenderer.EnvironmentMethod, RestartPolicy.Manual);
        await Eventually.True(() => instrumenter.StatusOf(_units.Processes()[0])?.State == InstrumentationState.Observed, "it is observed");
    }

    [Theory]
    [InlineData(InjectorRenderer.EnvironmentMethod)]
    [InlineData(InjectorRenderer.InjectorMethod)]
    public async Task A_service_that_is_stopped_keeps_its_files_also_for_an_agent_that_starts_meanwhile(string method)
    {
        Library();
        Service("a.service");
        var original = _host.Snapshot();
        var instrumenter = Create(Everything, isObserved: _ => true);
        Want(method, RestartPolicy.Manual);
        await Eventually.True(() => instrumenter.StatusOf(_units.Processes()[0])?.State == InstrumentationState.RestartPending && _units.Calls.Contains("reload"), "its files are written, the last of them too");
        var written = _host.Snapshot();

        await _units.StopAsync("a.service");
        Want(method, RestartPolicy.Manual);
        await instrumenter.DisposeAsync();
        Assert.Equal(written, _host.Snapshot());
        instrumenter = Create(Everything, isObserved: _ => true);
        Want(method, RestartPolicy.Manual);
        await instrumenter.DisposeAsync();
        Assert.Equal(written, _host.Snapshot());

        // It starts, and has what it was given.
        await _units.ReloadAsync(TestContext.Current.CancellationToken);
        await _units.RestartAsync("a.service", TestContext.Current.CancellationToken);
        instrumenter = Create(Everything, isObserved: _ => true);
        Want(method, RestartPolicy.Manual);
        await Eventually.True(() => instrumenter.StatusOf(_units.Processes()[0])?.State == InstrumentationState.Observed, "it is observed");

        // Its rule goes while it is stopped.
        await _units.StopAsync("a.service");
        instrumenter.Want(InstrumentationPlan.Nothing, []);
        await Eventually.True(() => _host.Snapshot() == original, "the host is as it was");
    }

    [Theory]
    [InlineData("", InjectorRenderer.InjectorMethod, "allow injector")]
    [InlineData("allow injector", InjectorRenderer.InjectorMethod, "allow unit a.service")]
    [InlineData("allow unit b*", InjectorRenderer.EnvironmentMethod, "allow unit a.service")]
    public async Task The_guard_decides(string guard, string method, string line)
    {
        Library();
        Service("a.service");
        var original = _host.Snapshot();
        var instrumenter = Create(Guard.Parse(guard, out _)!);

        Want(method, RestartPolicy.OneFirst);
        await Eventually.True(() => instrumenter.StatusOf(_units.Processes()[0])?.State == InstrumentationState.Blocked, "it is blocked");

        var status = instrumenter.StatusOf(_units.Processes()[0])!;
        Assert.Equal((InstrumentationReasons.Guard, $"the guard file of this host does not allow it; '{line}' would"), (status.Reason, status.Message));
        Assert.Equal(original, _host.Snapshot());
        Assert.Empty(_units.Calls);
    }

    private static readonly Guard Everything = Guard.Allowing(GuardedAction.Injector, GuardedAction.Unit, GuardedAction.Restart);

    private static readonly InstrumentationRule Rule = new("shop/all", RuleAction.Allow, new ProcessMatch { Languages = ["nodejs"] });

    private void Service(string unit) => _units.Add(unit, Node!, Path.Combine(_folder, "service.js"));

    /// <summary>A real library that can be preloaded: the test is about where it is mapped, not about what it does.</summary>
    private void Library()
    {
        var real = File.ReadLines("/proc/self/maps").Select(line => line[(line.IndexOf('/') + 1)..]).First(path => path.Contains("libgcc_s") || path.Contains("libm.so"));
        Directory.CreateDirectory(Path.GetDirectoryName(_host.Root + InjectorPaths.Library)!);
        File.Copy("/" + real, _host.Root + InjectorPaths.Library);
    }

    private InjectorInstrumenter Create(Guard guard, TimeSpan? within = null, Func<ProcessFact, bool>? isObserved = null, Func<bool>? canVerify = null) => _instrumenter = new InjectorInstrumenter(
        new HostFiles(_host.Root, _host.State, _log), guard, _units, _units.Processes, isObserved ?? (process => _telemetry.ContainsKey(process.Pid)), TimeProvider.System, _log,
        new InjectorOptions(Path.Combine(_folder, "state")) { LookEvery = TimeSpan.FromMilliseconds(50), VerifyWithin = within ?? TimeSpan.FromSeconds(20), Agents = new Dictionary<string, string> { ["nodejs"] = Register } }, canVerify);

    private List<Target> Target(string method) => [.. _units.Processes().Select(process => new Target(process, Rule, method))];

    private void Want(string method, RestartPolicy restart) =>
        _instrumenter!.Want(InstrumentationPlan.Nothing with { Rules = [Rule], Restart = restart, BakeFor = TimeSpan.FromMilliseconds(300) }, Target(method));

    /// <summary>The next scan, with the processes that run then.</summary>
    private bool Again(string method, RestartPolicy restart)
    {
        Want(method, restart);
        return true;
    }

    private async Task ListenAsync()
    {
        while (_gateway.IsListening)
        {
            try
            {
                var context = await _gateway.GetContextAsync();
                var parts = context.Request.Url!.AbsolutePath.Split('/');
                _telemetry[uint.Parse(parts[1])] = parts[2];
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
