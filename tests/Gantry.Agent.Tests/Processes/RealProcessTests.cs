using System.Diagnostics;
using System.Text;
using Gantry.Agent.Host;
using Gantry.Agent.Processes;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.Wire;

namespace Gantry.Agent.Tests.Processes;

/// <summary>Discovery of processes that really run.</summary>
public sealed class RealProcessTests : IDisposable
{
    private const string Secret = "hunter2-8d1f0c";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gantry-agent-children-");
    private readonly ProcFiles _proc = new("/proc");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_node_server_is_found_with_port_version_script_and_declared_name()
    {
        Assert.SkipWhen(ChildProcess.Find("node") is null, "node is not installed");
        const string Code = "const s=require('http').createServer((q,r)=>r.end());s.listen(0,'127.0.0.1',()=>console.log(process.version+' '+s.address().port))";
        File.WriteAllText(Path.Combine(_folder.FullName, "shop.js"), Code);
        using var child = await ChildProcess.StartAsync(
            "node", ["shop.js", "--password", Secret], _folder.FullName, ("OTEL_SERVICE_NAME", "shop-web"), ("SECRET", Secret));
        var line = child.Line.Split(' ');

        var fact = Find(child.Id);

        Assert.Equal(("nodejs", line[0].TrimStart('v')), (fact.Language, fact.RuntimeVersion));
        Assert.Equal(("shop.js", "shop.js", "shop-web"), (fact.Script, fact.DisplayName, fact.DeclaredService));
        Assert.Equal($"127.0.0.1:{line[1]}", string.Join(" ", fact.Listening.Select(socket => $"{socket.Address}:{socket.Port}")));
        Assert.Equal((uint)Environment.ProcessId, fact.ParentPid);
        var started = new DateTimeOffset(Process.GetProcessById(child.Id).StartTime.ToUniversalTime(), TimeSpan.Zero).ToUnixNano();
        Assert.InRange(fact.StartUnixNano / 1e9, (started / 1e9) - 2, (started / 1e9) + 2);
    }

    [Fact]
    public async Task A_python_is_found()
    {
        Assert.SkipWhen(ChildProcess.Find("python3") is null, "python3 is not installed");
        File.WriteAllText(Path.Combine(_folder.FullName, "job.py"), "import sys\nprint('%d.%d' % sys.version_info[:2], flush=True)\nsys.stdin.read()\n");
        using var child = await ChildProcess.StartAsync("python3", ["-u", "job.py"], _folder.FullName);

        var fact = Find(child.Id);

        Assert.Equal(("python", child.Line, "job.py"), (fact.Language, fact.RuntimeVersion, fact.Script));
    }

    [Fact]
    public async Task A_java_is_found_with_its_version()
    {
        Assert.SkipWhen(ChildProcess.Find("java") is null, "java is not installed");
        const string Code = "public class Job { public static void main(String[] a) throws Exception { System.out.println(System.getProperty(\"java.version\")); System.in.read(); } }";
        File.WriteAllText(Path.Combine(_folder.FullName, "Job.java"), Code);
        using var child = await ChildProcess.StartAsync("java", ["-Xmx64m", "-XX:+UseSerialGC", "Job.java"], _folder.FullName);

        var fact = Find(child.Id);

        Assert.Equal(("java", "libjvm.so is mapped"), (fact.Language, fact.LanguageRule));
        // A JRE without the JDK's source launcher prints nothing, and some packages ship no release file.
        Assert.Contains(fact.RuntimeVersion, (string[])[child.Line, ""]);
    }

    [Fact]
    public void This_test_is_dotnet_of_this_version()
    {
        var fact = Find(Environment.ProcessId);

        Assert.Equal(("dotnet", "libcoreclr.so is mapped", Environment.Version.ToString()), (fact.Language, fact.LanguageRule, fact.RuntimeVersion));
        Assert.Equal(Environment.ProcessPath, fact.Executable);
        Assert.Equal(Environment.UserName, fact.Owner);
    }

    [Fact]
    public async Task No_argument_and_no_environment_variable_leaves_the_host()
    {
        Assert.SkipWhen(ChildProcess.Find("node") is null, "node is not installed");
        using var child = await ChildProcess.StartAsync(
            "node",
            ["-e", $"/*{Secret}*/console.log('up');setInterval(()=>0,1e6)", Secret, $"--token={Secret}"],
            _folder.FullName,
            ("SECRET", Secret),
            ("OTEL_EXPORTER_OTLP_HEADERS", $"authorization={Secret}"),
            ("OTEL_RESOURCE_ATTRIBUTES", $"service.name=visible-name,api.key={Secret}"));

        var scanner = Scan();
        var bytes = new InventoryBuilder(Identity, 0, TimeProvider.System).Build(scanner).ToArray();

        Assert.True(bytes.AsSpan().IndexOf("visible-name"u8) >= 0, "the inventory holds the process");
        Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)));
        Assert.Equal("", Find(child.Id).Script);
    }

    [Fact]
    public void Every_process_of_this_host_is_scanned_without_an_error_and_twice_the_same()
    {
        var scanner = Scan();
        var first = scanner.Processes.Count;

        scanner.Scan();

        Assert.True(first > 0);
        Assert.Contains(scanner.Processes, process => process.Pid == Environment.ProcessId);
    }

    private static HostIdentity Identity => new("id", "name", "amd64", "", "");

    private ProcessFact Find(int pid) =>
        Assert.Single(new InventoryBuilder(Identity, BootTime.ReadUnixNano(_proc), TimeProvider.System).Build(Scan()).Processes, process => process.Pid == pid);

    private ProcessScanner Scan()
    {
        var scanner = new ProcessScanner(_proc, new ProcFiles("/etc"));
        scanner.Scan();
        return scanner;
    }
}
