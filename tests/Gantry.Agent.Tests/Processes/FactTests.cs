using System.Text;
using System.Text.Json;
using Gantry.Agent.Host;
using Gantry.Agent.Processes;
using Gantry.Agent.Tests.Support;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Tests.Processes;

/// <summary>Facts of processes that decide how they can be instrumented.</summary>
public sealed class FactTests : IDisposable
{
    private const string CoreClr = "7f00-7f01 r-xp 00000000 08:01 1 /usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.12/libcoreclr.so\n";
    private const string PodUid = "0a1b2c3d-1111-2222-3333-444455556666";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gantry-agent-facts-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("0::/kubepods/burstable/pod0a1b2c3d-1111-2222-3333-444455556666/{id}")]
    [InlineData("4:memory:/kubepods/pod0a1b2c3d-1111-2222-3333-444455556666/{id}")]
    [InlineData("0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod0a1b2c3d_1111_2222_3333_444455556666.slice/cri-containerd-{id}.scope")]
    [InlineData("0::/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod0a1b2c3d_1111_2222_3333_444455556666.slice/crio-{id}.scope")]
    [InlineData("9:cpu:/system.slice/containerd.service/kubepods-burstable-pod0a1b2c3d_1111_2222_3333_444455556666.slice:cri-containerd:{id}")]
    [InlineData("0::/../../pod0a1b2c3d-1111-2222-3333-444455556666/{id}")]
    public void A_pod_is_known_by_its_cgroup(string line)
    {
        var id = new string('a', 64);

        Assert.Equal(("", id, PodUid), Parts(CgroupPath.Parse(Encoding.UTF8.GetBytes(line.Replace("{id}", id, StringComparison.Ordinal) + "\n")), keepUnit: false));
    }

    [Theory]
    [InlineData("0::/kubepods/podcafe0123456789abcdef0123456789abc/x", "cafe0123456789abcdef0123456789abc")]
    [InlineData("0::/kubepods/podcafe0123456789abcdef0123456789ab/x", "cafe0123456789abcdef0123456789ab")]
    [InlineData("0::/system.slice/podman.service", "")]
    [InlineData("0::/user.slice/podcafe0123456789abcdef0123456789ab", "")]
    [InlineData("0::/kubepods/tripod0a1b2c3d-1111-2222-3333-444455556666", "")]
    public void Static_pods_have_a_hash_and_others_have_none(string line, string uid) =>
        Assert.Equal(uid.Length == 32 ? uid : "", CgroupPath.Parse(Encoding.UTF8.GetBytes(line)).PodUid);

    [Fact]
    public void A_diagnostic_port_is_that_of_this_very_process()
    {
        using var host = new FakeHost().With("proc/uptime", "90000.00 1.00\n")
            .WithProcess(10, startTicks: 1000, maps: CoreClr).With("proc/10/root/tmp/dotnet-diagnostic-10-1000-socket", "")
            .WithProcess(11, startTicks: 1000, maps: CoreClr).With("proc/11/root/tmp/dotnet-diagnostic-11-999-socket", "")
            .WithProcess(12, startTicks: 1000).With("proc/12/root/tmp/dotnet-diagnostic-12-1000-socket", "")
            .WithProcess(13, startTicks: 1000, maps: CoreClr).With("proc/13/environ", "TMPDIR=/data/t\0").With("proc/13/root/data/t/dotnet-diagnostic-13-1000-socket", "");

        var facts = Scan(host);

        Assert.Equal([true, false, true, true], facts.OrderBy(fact => fact.Pid).Select(fact => fact.HasDiagnosticPort));
    }

    [Fact]
    public void A_jar_that_a_Java_has_open_is_an_agent_of_it()
    {
        using var host = new FakeHost().With("proc/uptime", "90000.00 1.00\n")
            .WithProcess(10, maps: "1-2 r-xp 0 08:01 1 /opt/jdk/lib/server/libjvm.so\n").WithLink("proc/10/fd/4", "/opt/shop.jar").WithLink("proc/10/fd/5", "/otel/opentelemetry-javaagent.jar");

        var agent = Assert.Single(Assert.Single(Scan(host)).OtherAgents);

        Assert.Equal(("OpenTelemetry Java agent", "opentelemetry-javaagent.jar is open", true), (agent.Name, agent.Rule, agent.StopsInjection));
    }

    [Fact]
    public void An_agent_that_came_late_is_seen_once_the_process_is_a_minute_old()
    {
        using var host = new FakeHost().With("proc/uptime", "30.00 1.00\n").WithProcess(10, startTicks: 1000, maps: CoreClr);
        var scanner = new ProcessScanner(host.Proc, host.Etc);
        scanner.Scan();
        var version = scanner.Version;
        host.With("proc/10/maps", CoreClr + "1-2 r--p 0 08:01 1 /app/OpenTelemetry.dll\n");
        scanner.Scan();
        Assert.Equal(version, scanner.Version);

        host.With("proc/uptime", "71.00 1.00\n");
        scanner.Scan();

        Assert.Equal("OpenTelemetry SDK", Assert.Single(Assert.Single(scanner.Processes).ToFact(0).OtherAgents).Name);
        Assert.True(scanner.Version > version);
        version = scanner.Version;
        scanner.Scan();
        Assert.Equal(version, scanner.Version);
    }

    [Fact]
    public void This_test_is_a_program_of_glibc_with_a_port()
    {
        var fact = Assert.Single(Real(), fact => fact.Pid == Environment.ProcessId);

        Assert.True(fact is { IsStatic: false, IsSecureExec: false, IsNativeCode: false, HasDiagnosticPort: true, Unreadable: "" });
        Assert.Contains(fact.Libc, (string[])["glibc", "musl"]);
    }

    [Fact]
    public async Task A_real_node_with_another_agents_module_says_so_and_keeps_its_secrets()
    {
        Assert.SkipWhen(ChildProcess.Find("node") is null, "node is not installed");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "node_modules", "dd-trace"));
        File.WriteAllText(Path.Combine(_folder.FullName, "node_modules", "dd-trace", "init.js"), "");
        using var child = await ChildProcess.StartAsync(
            "node", ["-e", "console.log('up');setInterval(()=>0,1e6)"], _folder.FullName, ("NODE_OPTIONS", "--require dd-trace/init --title=hunter2"));

        var agent = Assert.Single(Assert.Single(Real(), fact => fact.Pid == child.Id).OtherAgents);

        Assert.Equal(("Datadog", "dd-trace is loaded first"), (agent.Name, agent.Rule));
    }

    [Fact]
    public async Task A_program_with_raised_rights_is_known()
    {
        Assert.SkipWhen(Environment.UserName != "root" || ChildProcess.Find("setpriv") is null, "needs root and setpriv: a file that belongs to root must be run by another user");
        var program = Path.Combine(_folder.FullName, "cat");
        File.Copy("/bin/cat", program);
        var (changed, _, problem) = await Commands.RunAsync("chmod", "4755", program);
        Assert.True(changed == 0, problem);
        Assert.Equal(0, (await Commands.RunAsync("chmod", "755", _folder.FullName)).Code);
        File.WriteAllText(Path.Combine(_folder.FullName, "ready"), "ready\n");
        using var child = await ChildProcess.StartAsync("setpriv", ["--reuid=65534", "--clear-groups", program, Path.Combine(_folder.FullName, "ready"), "-"], _folder.FullName);
        var proc = new ProcFiles("/proc");
        var scanner = new ProcessScanner(proc, new ProcFiles("/etc"));
        scanner.Scan();

        Assert.True(Assert.Single(scanner.Processes, process => process.Pid == child.Id).Details.IsSecureExec);
    }

    [Fact]
    public async Task Without_root_each_process_says_what_of_it_could_not_be_read()
    {
        Assert.SkipWhen(Environment.UserName != "root" || ChildProcess.Find("setpriv") is null, "needs root and setpriv to be another user");
        Assert.SkipWhen(ChildProcess.Find("python3") is null, "python3 is not installed");
        using var child = await ChildProcess.StartAsync("python3", ["-c", "import sys\nprint('up', flush=True)\nsys.stdin.read()"], _folder.FullName, ("SECRET", "hunter2-unprivileged"));
        var (probe, _, _) = await Commands.RunAsync("setpriv", "--reuid=65534", "--clear-groups", "test", "-r", Commands.Agent);
        Assert.SkipWhen(probe != 0, "the folder of the tests is closed to other users");

        var (code, output, error) = await Commands.RunAsync(
            "setpriv", ["--reuid=65534", "--clear-groups", "env", "DOTNET_CLI_HOME=/tmp", .. Commands.RunAgent("--once", "--json", "--state", "/tmp/none")]);

        Assert.True(code == 0, error);
        using var json = JsonDocument.Parse(output);
        var process = json.RootElement.GetProperty("processes").EnumerateArray().Single(entry => entry.GetProperty("pid").GetInt32() == child.Id);
        Assert.Equal("not read for want of a right: executable, memory map, network namespace: root or CAP_SYS_PTRACE; environment, auxiliary vector: root, or CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH", process.GetProperty("unreadable").GetString());
        Assert.Equal("python", process.GetProperty("language").GetString());
        Assert.DoesNotContain("hunter2", output + error, StringComparison.Ordinal);
        var own = json.RootElement.GetProperty("processes").EnumerateArray().Where(entry => entry.GetProperty("unreadable").GetString() == "");
        Assert.Contains(own, entry => entry.GetProperty("language").GetString() == "dotnet");
    }

    private static (string, string, string) Parts(CgroupPath path, bool keepUnit) => (keepUnit ? path.Unit : "", path.ContainerId, path.PodUid);

    private static List<ProcessFact> Scan(FakeHost host)
    {
        var scanner = new ProcessScanner(host.Proc, host.Etc);
        scanner.Scan();
        return new InventoryBuilder(new HostIdentity("id", "name", "amd64", "", ""), 0, TimeProvider.System).Build(scanner).Processes;
    }

    private static List<ProcessFact> Real()
    {
        var scanner = new ProcessScanner(new ProcFiles("/proc"), new ProcFiles("/etc"));
        scanner.Scan();
        return new InventoryBuilder(new HostIdentity("id", "name", "amd64", "", ""), 0, TimeProvider.System).Build(scanner).Processes;
    }
}
