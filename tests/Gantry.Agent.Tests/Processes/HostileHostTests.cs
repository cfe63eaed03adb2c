using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Gantry.Agent.Host;
using Gantry.Agent.Network;
using Gantry.Agent.Processes;
using Gantry.Agent.Report;
using Gantry.Agent.Tests.Support;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Tests.Processes;

/// <summary>Hosts that are large, that change under the reader, that hide, and that hold secrets.</summary>
public sealed class HostileHostTests : IDisposable
{
    private const string Secret = "hunter2-5f9ab1c7";
    private const string CoreClr = "7f00-7f01 r-xp 00000000 08:01 1 /usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.12/libcoreclr.so\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gantry-agent-hostile-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Five_thousand_processes_are_read_once_and_a_later_scan_reads_little_of_each()
    {
        const int Count = 5200;
        using var host = new FakeHost(isLarge: true).With("proc/uptime", "90000.00 1.00\n").WithProcess(1);
        for (var pid = 1000; pid < 1000 + Count; pid++)
        {
            host.WithProcess(pid, startTicks: pid, maps: CoreClr);
        }

        var scanner = new ProcessScanner(host.Proc, host.Etc);
        scanner.Scan();
        var version = scanner.Version;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        scanner.Scan();
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        var inventory = Build(scanner);
        Assert.Equal(version, scanner.Version);
        Assert.Equal(InventoryBuilder.MostProcesses, inventory.Processes.Count);
        Assert.Contains($"{Count - InventoryBuilder.MostProcesses} more left out", inventory.Limits);
        // A second look at 5,200 processes costs a line of each, and no memory.
        Assert.True(allocated < Count * 200, $"{allocated} bytes for a scan without a change");
    }

    [Fact]
    public async Task Hundreds_of_real_processes_are_all_found_and_all_forgotten()
    {
        const int Count = 400;
        var scanner = new ProcessScanner(new ProcFiles("/proc"), new ProcFiles("/etc"));
        int pid;
        using (var child = await ChildProcess.StartAsync("sh", ["-c", $"i=0; while [ $i -lt {Count} ]; do sleep 1000 & i=$((i+1)); done; echo up; cat; kill $(jobs -p)"], _folder.FullName))
        {
            pid = child.Id;
            scanner.Scan();
            var children = scanner.Processes.Where(process => process.Stat.ParentPid == pid).ToList();
            try
            {
                Assert.Equal(Count, children.Count(process => process.Details.DisplayName == "sleep" || process.Details.DisplayName == "coreutils" || process.Details.DisplayName == "busybox"));
                Assert.All(children, process => Assert.True(process.Details.Loader.Libc.Length > 0 || process.Details.Loader.IsStatic));
            }
            finally
            {
                foreach (var process in children)
                {
                    Kill(process.Pid);
                }
            }
        }

        await Eventually.True(() =>
        {
            scanner.Scan();
            return !scanner.Processes.Any(process => process.Pid == pid || process.Stat.ParentPid == pid);
        }, "the ended processes are forgotten");
    }

    [Fact]
    public async Task Processes_that_die_while_they_are_read_cost_nothing_but_their_own_entry()
    {
        var scanner = new ProcessScanner(new ProcFiles("/proc"), new ProcFiles("/etc"));
        using var view = new NetworkView(new ProcFiles("/proc"), TimeProvider.System);
        var batch = new MetricBatch();
        using var storm = await ChildProcess.StartAsync("sh", ["-c", "echo up; while :; do /bin/true & /bin/true & /bin/true; wait; done"], _folder.FullName);

        for (var i = 0; i < 60; i++)
        {
            scanner.Scan();
            batch.Restart(1);
            view.Sample(scanner.Processes, batch);
            Assert.Contains(Build(scanner).Processes, process => process.Pid == Environment.ProcessId);
        }

        Assert.Contains(scanner.Processes, process => process.Pid == storm.Id);
    }

    [Fact]
    public async Task No_byte_that_leaves_holds_a_secret_of_an_environment_or_a_command_line()
    {
        Assert.SkipWhen(ChildProcess.Find("node") is null, "node is not installed");
        const string Code = "const s=require('net').createServer().listen(0,'127.0.0.1',()=>{require('net').connect(s.address().port,'127.0.0.1');console.log('up')})";
        File.WriteAllText(Path.Combine(_folder.FullName, "shop.js"), Code);
        using var child = await ChildProcess.StartAsync(
            "node", ["shop.js", "--password", Secret, $"-javaagent:/x/{Secret}/opentelemetry-javaagent.jar={Secret}"], _folder.FullName,
            ("OTEL_SERVICE_NAME", "shop-visible"), ("SECRET", Secret), ("DD_INJECTION_ENABLED", Secret), ("NEW_RELIC_CONFIG_FILE", $"/{Secret}/newrelic.yml"),
            ("CORECLR_ENABLE_PROFILING", "1"), ("CORECLR_PROFILER", "{" + Secret + "}"), ("CORECLR_PROFILER_PATH", $"/{Secret}/splunk.so"), ("PYTHONPATH", $"/{Secret}/ddtrace/bootstrap"),
            ("JAVA_TOOL_OPTIONS", $"-javaagent:/opt/{Secret}/elastic-apm-agent.jar=secret_token={Secret}"), ("OTEL_EXPORTER_OTLP_HEADERS", $"authorization={Secret}"));
        var proc = new ProcFiles("/proc");
        var scanner = new ProcessScanner(proc, new ProcFiles("/etc"));
        scanner.Scan();
        using var view = new NetworkView(proc, TimeProvider.System);
        var batch = new MetricBatch();
        view.Sample(scanner.Processes, batch);
        using var encoder = new MetricsEncoder([], "1", 1);

        var inventory = Build(scanner);
        var (code, once, error) = await Commands.RunAsync("env", Commands.RunAgent("--once", "--json"));
        var (_, network, networkError) = await Commands.RunAsync("env", Commands.RunAgent("network", "--once", "--json"));

        Assert.True(code == 0, error);
        var agents = Assert.Single(inventory.Processes, process => process.Pid == child.Id).OtherAgents;
        Assert.Equal(["Datadog", "New Relic", "Elastic APM", "Splunk Distribution of OpenTelemetry"], agents.Select(agent => agent.Name));
        byte[] sent = [.. inventory.ToArray(), .. encoder.Encode(batch).Span, .. Encoding.UTF8.GetBytes(once + error + network + networkError)];
        Assert.True(sent.AsSpan().IndexOf("shop-visible"u8) >= 0, "the process is in what leaves");
        Assert.Equal(-1, sent.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)));
    }

    [Fact]
    public async Task A_pid_that_is_used_again_is_another_process()
    {
        Assert.SkipWhen(Environment.UserName != "root" || ChildProcess.Find("unshare") is null, "needs root and unshare: a pid namespace must be made");
        var (probe, _, _) = await Commands.RunAsync("unshare", "--pid", "--fork", "--mount-proc", "sh", "-c", "echo 10 > /proc/sys/kernel/ns_last_pid");
        Assert.SkipWhen(probe != 0, "this root may not make pid namespaces");
        // Pid 500 is a sleep; once the file go is there, it is a cat.
        const string Script = "echo 499 > /proc/sys/kernel/ns_last_pid; sleep 1000 & first=$!; echo $first; while [ ! -e go ]; do sleep 0.05; done; kill -9 $first; wait $first 2>/dev/null; echo 499 > /proc/sys/kernel/ns_last_pid; "
            + "cat fifo & echo $! > second; wait";
        Assert.Equal(0, (await Commands.RunAsync("mkfifo", Path.Combine(_folder.FullName, "fifo"))).Code);
        // --kill-child: with the namespace's first process everything in it ends.
        using var child = await ChildProcess.StartAsync("unshare", ["--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", Script], _folder.FullName);
        Assert.Equal("500", child.Line);
        var inner = int.Parse(File.ReadAllText($"/proc/{child.Id}/task/{child.Id}/children").Trim());
        using var proc = new ProcFiles($"/proc/{inner}/root/proc");
        var scanner = new ProcessScanner(proc, new ProcFiles("/etc"));
        scanner.Scan();
        var first = Assert.Single(scanner.Processes, process => process.Pid == 500);

        File.WriteAllText(Path.Combine(_folder.FullName, "go"), "");
        await Eventually.True(() => File.Exists(Path.Combine(_folder.FullName, "second")) && File.ReadAllText(Path.Combine(_folder.FullName, "second")) == "500\n", "the pid is used again");
        await Eventually.True(() =>
        {
            scanner.Scan();
            return scanner.Processes.Any(process => process.Pid == 500 && process.Command == "cat");
        }, "the new program is seen");

        var second = Assert.Single(scanner.Processes, process => process.Pid == 500);
        Assert.NotEqual((first.Pid, first.StartTicks), (second.Pid, second.StartTicks));
        Assert.NotSame(first, second);
    }

    [Fact]
    public async Task Where_proc_hides_processes_the_agent_says_so_and_shows_its_own()
    {
        Assert.SkipWhen(Environment.UserName != "root" || ChildProcess.Find("unshare") is null || ChildProcess.Find("setpriv") is null, "needs root, unshare and setpriv: proc must be mounted with hidepid for another user");
        var (probe, _, _) = await Commands.RunAsync("unshare", "--mount", "sh", "-c", $"mount -t proc -o hidepid=2 proc /proc && setpriv --reuid=65534 --regid=65534 --clear-groups test -r {Commands.Agent}");
        Assert.SkipWhen(probe != 0, "proc cannot be mounted with hidepid here, or the folder of the tests is closed to other users");

        var (code, output, error) = await Commands.RunAsync(
            "unshare", ["--mount", "sh", "-c", "mount -t proc -o hidepid=2 proc /proc && exec \"$@\"", "sh", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", "DOTNET_CLI_HOME=/tmp", .. Commands.RunAgent("--once", "--json", "--state", "/tmp/none")]);

        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(output);
        Assert.Contains("hidepid", json.RootElement.GetProperty("limits").GetString());
        var processes = json.RootElement.GetProperty("processes").EnumerateArray().ToList();
        Assert.DoesNotContain(processes, process => process.GetProperty("pid").GetInt32() == Environment.ProcessId);
        Assert.Contains(processes, process => process.GetProperty("language").GetString() == "dotnet" && process.GetProperty("unreadable").GetString() == "");
    }

    private static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    private static ProcessInventory Build(ProcessScanner scanner) =>
        new InventoryBuilder(new HostIdentity("id", "name", "amd64", "", ""), 0, TimeProvider.System).Build(scanner);
}
