using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gantry.Agent.Boot;
using Gantry.Agent.Host;
using Gantry.Agent.Supervise;
using Gantry.Agent.Tests.Processes;
using Gantry.Agent.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gantry.Agent.Tests.Supervise;

/// <summary>samples/child, a real process that misbehaves on request, under supervision.</summary>
public sealed class SupervisorTests : IAsyncDisposable
{
    private static readonly string Sample = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../child", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "child.dll"));
    private static readonly string DotNet = Path.GetFullPath(ChildProcess.Find("dotnet")!);

    private readonly ProcFiles _proc = new("/proc");
    private readonly ChildSupervisor _supervisor;

    public SupervisorTests() => _supervisor = new ChildSupervisor(Guard.Allowing(GuardedAction.Run), _proc, TimeProvider.System, NullLogger.Instance);

    public async ValueTask DisposeAsync()
    {
        await _supervisor.DisposeAsync();
        _proc.Dispose();
    }

    [Fact]
    public async Task It_is_started_once_and_stopped_with_what_it_started()
    {
        _supervisor.Want(Options("fork"));
        await Until(() => _supervisor.Output.Contains("ready"), "it is up");
        var pid = _supervisor.Status.Pid;
        var grandchild = Number(_supervisor.Output, "forked ");
        Assert.True(Lives(pid) && Lives(grandchild));
        Assert.Equal(pid, Number(_supervisor.Output, "ready "));
        _supervisor.Want(Options("fork") with { Program = "/bin/false" });

        await Until(() => _supervisor.Status.State == ChildState.GivenUp || _supervisor.Status.Starts > 1, "the other one has its turn");
        Assert.False(Lives(pid));
        _supervisor.Want(null);

        await Until(() => _supervisor.Status.State == ChildState.Stopped, "it is stopped");
        await Eventually.True(() => !Lives(grandchild), "what it started is gone too");
    }

    [Fact]
    public async Task One_that_ignores_SIGTERM_is_killed_with_what_it_started()
    {
        _supervisor.Want(Options("ignore-term", "fork") with { StopWithin = TimeSpan.FromMilliseconds(300) });
        await Until(() => _supervisor.Output.Contains("ready"), "it is up");
        var pid = _supervisor.Status.Pid;
        var grandchild = Number(_supervisor.Output, "forked ");

        _supervisor.Want(null);
        await Until(() => _supervisor.Status.State == ChildState.Stopped, "it is stopped");

        await Eventually.True(() => !Lives(pid) && !Lives(grandchild), "both are gone");
    }

    [Fact]
    public async Task One_that_crashes_is_started_again_later_each_time_and_then_given_up()
    {
        _supervisor.Want(Options("say", "no configuration", "crash", "7") with { MostEnds = 3, FirstBackoff = TimeSpan.FromMilliseconds(200) });

        await Until(() => _supervisor.Status.State == ChildState.GivenUp, "it is given up");

        Assert.Equal(3, _supervisor.Status.Starts);
        Assert.Equal("it ended 3 times without having been well in between; the last time: exit code 7; it last said: no configuration", _supervisor.Status.Reason);
        _supervisor.Want(Options());
        await Until(() => _supervisor.Output.Contains("ready"), "asked for anew, it is tried again");
    }

    [Fact]
    public async Task Another_configuration_does_not_make_its_ends_be_forgotten()
    {
        for (var i = 1; i <= 3; i++)
        {
            _supervisor.Want(Options("say", $"{i}", "crash", "7") with { MostEnds = 3, FirstBackoff = TimeSpan.FromMilliseconds(10) });
            await Until(() => _supervisor.Status is { State: ChildState.Backoff or ChildState.GivenUp } status && status.Starts >= i, $"end {i}");
        }

        await Until(() => _supervisor.Status.State == ChildState.GivenUp, "it is given up");
        Assert.Equal(3, _supervisor.Status.Starts);
    }

    [Fact]
    public async Task One_that_was_well_may_end_more_often()
    {
        _supervisor.Want(Options("crash-after", "400") with { MostEnds = 2, FirstBackoff = TimeSpan.FromMilliseconds(10), WellAfter = TimeSpan.FromMilliseconds(100) });

        await Until(() => _supervisor.Status.Starts > 3, "each end is the first one again");

        Assert.NotEqual(ChildState.GivenUp, _supervisor.Status.State);
    }

    [Fact]
    public async Task One_that_is_sick_is_stopped_and_started_again()
    {
        var port = FreePort();
        _supervisor.Want(Options("sick", "1500", "health", $"{port}") with { Health = new Uri($"http://127.0.0.1:{port}/healthz"), HealthEvery = TimeSpan.FromMilliseconds(50), FirstBackoff = TimeSpan.FromMilliseconds(10) });

        await Until(() => _supervisor.Status.State == ChildState.Healthy, "it is healthy");
        await Until(() => _supervisor.Status.State == ChildState.Backoff, "it is stopped");

        Assert.StartsWith("3 health checks in a row failed", _supervisor.Status.Reason);
        await Until(() => _supervisor.Status is { State: ChildState.Healthy, Starts: 2 }, "it is healthy again");
    }

    [Fact]
    public async Task One_that_never_gets_well_is_stopped()
    {
        _supervisor.Want(Options() with { Health = new Uri($"http://127.0.0.1:{FreePort()}/healthz"), StartWithin = TimeSpan.FromMilliseconds(700), MostEnds = 1 });

        await Until(() => _supervisor.Status.State == ChildState.GivenUp, "it is given up");

        Assert.Contains("it was not healthy within 0.7 s of its start", _supervisor.Status.Reason);
    }

    [Fact]
    public async Task One_that_grows_over_its_ceiling_is_stopped()
    {
        _supervisor.Want(Options("grow", "400") with { MostMemory = 200L << 20, MostEnds = 1 });

        await Until(() => _supervisor.Status.State == ChildState.GivenUp, "it is given up");

        Assert.Contains("may have 200", _supervisor.Status.Reason);
    }

    [Fact]
    public async Task What_it_prints_is_bounded_and_without_secrets()
    {
        _supervisor.Want(Options("say", "hunter2 is it; Authorization: Basic abc", "flood") with { Secrets = ["hunter2"] });
        await Until(() => _supervisor.Output.Length > 3000, "it prints");
        Assert.InRange(_supervisor.Output.Length, 0, 41 * 401);
        _supervisor.Want(null);
        await Until(() => _supervisor.Status.State == ChildState.Stopped, "it is stopped");

        _supervisor.Want(Options("say", "hunter2 is it; Authorization: Basic abc") with { Secrets = ["hunter2"] });
        await Until(() => _supervisor.Output.Contains("ready"), "it is up");

        Assert.Contains("*** is it; Authorization ***", _supervisor.Output);
        Assert.DoesNotContain("hunter2", _supervisor.Output);
        Assert.DoesNotContain("abc", _supervisor.Output);
    }

    [Fact]
    public async Task It_has_nothing_of_the_agents_environment()
    {
        Environment.SetEnvironmentVariable("GANTRY_TEST_SECRET", "hunter2");
        _supervisor.Want(Options() with { Environment = new Dictionary<string, string> { ["DOTNET_CLI_HOME"] = "/tmp" } });
        await Until(() => _supervisor.Output.Contains("ready"), "it is up");

        var environment = File.ReadAllText($"/proc/{_supervisor.Status.Pid}/environ");

        Assert.DoesNotContain("hunter2", environment);
        Assert.Contains("DOTNET_CLI_HOME=/tmp", environment);
    }

    [Fact]
    public async Task What_the_guard_does_not_allow_is_not_started()
    {
        await using var supervisor = new ChildSupervisor(Guard.Parse("allow run /usr/bin/obi", out _)!, _proc, TimeProvider.System, NullLogger.Instance);
        supervisor.Want(Options());

        supervisor.Tick();

        Assert.Equal(new ChildStatus(ChildState.GivenUp, 0, 0, 0, $"the guard file of this host does not allow it; 'allow run {DotNet}' would"), supervisor.Status);
    }

    [Fact]
    public async Task When_the_agent_is_killed_no_orphan_stays()
    {
        // The agent here is a shell that does what ProcessGroup does: it holds the pipe, and is killed.
        using var agent = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "../../Gantry.Agent.Crash", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "Gantry.Agent.Crash.dll"), DotNet, Sample, "supervise"]) { RedirectStandardOutput = true })!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var line = await agent.StandardOutput.ReadLineAsync(limit.Token);
        var (child, grandchild) = (int.Parse(line!.Split(' ')[0]), int.Parse(line.Split(' ')[1]));
        Assert.True(Lives(child) && Lives(grandchild));

        agent.Kill();
        await agent.WaitForExitAsync(limit.Token);

        await Eventually.True(() => !Lives(child) && !Lives(grandchild), "both are gone");
    }

    private static ChildOptions Options(params string[] words) => new(DotNet, [Sample, .. words]) { StopWithin = TimeSpan.FromSeconds(5) };

    /// <summary>The agent's second hand, faster.</summary>
    private Task Until(Func<bool> condition, string expected) => Eventually.True(
        () =>
        {
            _supervisor.Tick();
            return condition();
        },
        $"{expected}; it is {_supervisor.Status} and said {_supervisor.Output[..Math.Min(300, _supervisor.Output.Length)]}");

    private static int Number(string output, string behind) => int.Parse(output.Split(behind)[1].Split('\n')[0]);

    /// <summary>A zombie does not: it waits for its parent only.</summary>
    private static bool Lives(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Split(") ")[1][0] is not 'Z' and not 'X';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
