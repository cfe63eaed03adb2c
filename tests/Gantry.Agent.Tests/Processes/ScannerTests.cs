using System.Text;
using Gantry.Agent.Host;
using Gantry.Agent.Processes;
using Gantry.Agent.Tests.Support;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Tests.Processes;

/// <summary>The scanner against a written /proc, where time and death can be arranged.</summary>
public sealed class ScannerTests
{
    private const string CoreClr = "7f00-7f01 r-xp 00000000 08:01 1 /usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.12/libcoreclr.so\n";
    private const string TcpHeader = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    [Theory]
    [InlineData("/usr/lib/libjvm.so", "java")]
    [InlineData("/usr/lib/libpython3.11.so.1.0", "python")]
    [InlineData("/usr/lib/libruby-3.1.so.3.1.2", "ruby")]
    [InlineData("/usr/lib/apache2/modules/libphp8.2.so", "php")]
    [InlineData("/usr/lib/libnode.so.108", "nodejs")]
    [InlineData("/usr/lib/libstdc++.so.6.0.30", "cpp")]
    [InlineData("/usr/lib/libc.so.6", "")]
    public void A_mapped_library_tells_the_language(string library, string language)
    {
        using var host = Host().WithProcess(10, maps: $"7f00-7f01 r-xp 00000000 08:01 1                  {library}\n");

        Assert.Equal(language, Assert.Single(Scan(host).Processes).Details.Language.Language);
    }

    [Fact]
    public void The_version_and_the_rule_are_named()
    {
        using var host = Host().WithProcess(10, maps: "55-56 r-xp 0 08:01 1 /opt/app\n" + CoreClr).WithProcess(11, maps: "1-2 r-xp 0 08:01 1 /usr/lib/libruby-3.1.so.3.1.2\n");

        var processes = Scan(host).Processes.ToDictionary(process => process.Pid);

        Assert.Equal(new LanguageFact("dotnet", "libcoreclr.so is mapped", "10.0.12"), processes[10].Details.Language);
        Assert.Equal("3.1.2", processes[11].Details.Language.Version);
    }

    [Fact]
    public void A_java_home_and_a_self_contained_app_tell_their_version_beside_them()
    {
        using var host = Host()
            .WithProcess(10, maps: "1-2 r-xp 0 08:01 1 /opt/jdk/lib/server/libjvm.so\n").With("proc/10/root/opt/jdk/release", "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"21.0.4\"\n")
            .WithProcess(11, executable: "/opt/shop/shop", maps: "1-2 r-xp 0 08:01 1 /opt/shop/libcoreclr.so\n")
            .With("proc/11/root/opt/shop/shop.runtimeconfig.json", "{\"runtimeOptions\":{\"includedFrameworks\":[{\"name\":\"Microsoft.NETCore.App\",\"version\":\"9.0.3\"}]}}");

        var processes = Scan(host).Processes.ToDictionary(process => process.Pid);

        Assert.Equal("21.0.4", processes[10].Details.Language.Version);
        Assert.Equal("9.0.3", processes[11].Details.Language.Version);
    }

    [Fact]
    public void A_single_file_app_is_found_by_its_diagnostics_socket()
    {
        // What a dead process of the same pid left behind is not its own.
        using var host = Host().WithProcess(10).With("proc/10/root/tmp/dotnet-diagnostic-10-1000-socket", "").WithProcess(11).With("proc/11/root/tmp/dotnet-diagnostic-11-999-socket", "");

        var processes = Scan(host).Processes.ToDictionary(process => process.Pid);

        Assert.Equal("it has a .NET diagnostics socket", processes[10].Details.Language.Rule);
        Assert.Equal("", processes[11].Details.Language.Language);
    }

    [Fact]
    public void A_listening_socket_belongs_to_whoever_holds_its_inode()
    {
        using var host = Host().WithProcess(10).WithProcess(11).WithLink("proc/11/fd/3", "socket:[500]").WithLink("proc/11/fd/4", "socket:[501]")
            .WithLink("proc/11/fd/5", "socket:[502]").WithLink("proc/10/fd/0", "/dev/null");
        Tcp(host, "0100007F:1F90", 500);
        Table(host, "tcp6", TcpHeader + "   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 501 1 x\n");

        var processes = Scan(host).Processes.ToDictionary(process => process.Pid);

        Assert.Empty(processes[10].Listening);
        Assert.Equal([new Endpoint("::", 80), new Endpoint("127.0.0.1", 8080)], processes[11].Listening);
    }

    [Fact]
    public void A_socket_that_opens_or_closes_later_is_seen_and_counts_as_a_change()
    {
        using var host = Host().WithProcess(10);
        Tcp(host);
        var scanner = new ProcessScanner(host.Proc, host.Etc);
        scanner.Scan();
        var quiet = scanner.Version;
        scanner.Scan();
        Assert.Equal(quiet, scanner.Version);

        host.WithLink("proc/10/fd/7", "socket:[900]");
        Tcp(host, "00000000:0050", 900);
        scanner.Scan();
        Assert.Equal(new Endpoint("0.0.0.0", 80), Assert.Single(Assert.Single(scanner.Processes).Listening));
        Assert.True(scanner.Version > quiet);
        var open = scanner.Version;

        File.Delete(host.PathOf("proc/10/fd/7"));
        Tcp(host);
        scanner.Scan();
        Assert.Empty(Assert.Single(scanner.Processes).Listening);
        Assert.True(scanner.Version > open);
    }

    [Fact]
    public void A_forked_worker_shares_the_socket_of_its_parent()
    {
        using var host = Host().WithProcess(10).WithLink("proc/10/fd/7", "socket:[900]");
        Tcp(host, "00000000:0050", 900);
        var scanner = new ProcessScanner(host.Proc, host.Etc);
        scanner.Scan();

        host.WithProcess(11).WithLink("proc/11/fd/7", "socket:[900]");
        Tcp(host, "00000000:0050", 900);
        scanner.Scan();

        Assert.All(scanner.Processes, process => Assert.Equal(new Endpoint("0.0.0.0", 80), Assert.Single(process.Listening)));
        Assert.Equal(2, scanner.Processes.Count);
    }

    [Fact]
    public void A_used_pid_is_another_process_and_an_exec_is_looked_at_again()
    {
        using var host = Host().WithProcess(10, startTicks: 1000, maps: CoreClr);
        var scanner = new ProcessScanner(host.Proc, host.Etc);
        scanner.Scan();

        host.WithProcess(10, startTicks: 2000);
        scanner.Scan();
        Assert.Equal("", Assert.Single(scanner.Processes).Details.Language.Language);

        host.WithProcess(10, startTicks: 2000, startStack: 99, maps: CoreClr);
        scanner.Scan();
        Assert.Equal("dotnet", Assert.Single(scanner.Processes).Details.Language.Language);
    }

    [Fact]
    public void Facts_are_read_once_and_a_young_process_twice()
    {
        using var host = Host().With("proc/uptime", "12.00 1.00\n").WithProcess(10, startTicks: 1000).WithProcess(11, startTicks: 100);
        var scanner = new ProcessScanner(host.Proc, host.Etc);
        scanner.Scan();

        // Both now map a runtime: the settled one is not looked at again.
        host.With("proc/10/maps", CoreClr).With("proc/11/maps", CoreClr);
        scanner.Scan();

        var processes = scanner.Processes.ToDictionary(process => process.Pid);
        Assert.Equal("dotnet", processes[10].Details.Language.Language);
        Assert.Equal("", processes[11].Details.Language.Language);
    }

    [Fact]
    public void Processes_that_end_between_reads_are_left_out()
    {
        using var host = Host().WithProcess(10).WithProcess(11, maps: CoreClr).WithProcess(12);
        host.Remove("proc/10");
        Directory.CreateDirectory(host.PathOf("proc/10"));
        File.Delete(host.PathOf("proc/12/exe"));
        var scanner = Scan(host);
        Assert.Equal(11, Assert.Single(scanner.Processes).Pid);

        host.Remove("proc/11");
        scanner.Scan();
        Assert.Empty(scanner.Processes);
    }

    [Fact]
    public void A_hidden_first_process_is_said_in_words()
    {
        using var host = Host().WithProcess(10);
        Assert.Contains("hidepid", Build(Scan(host)).Limits);

        host.WithProcess(1);
        Assert.DoesNotContain("hidepid", Build(Scan(host)).Limits);
    }

    [Fact]
    public void A_missing_proc_is_said_in_words()
    {
        using var missing = new ProcFiles("/no/such/proc");
        var scanner = new ProcessScanner(missing, missing);

        scanner.Scan();

        Assert.Contains("cannot be listed", Build(scanner).Limits);
    }

    [Fact]
    public void Garbage_in_every_file_of_a_process_is_no_error()
    {
        var random = new Random(7);
        using var host = Host().WithProcess(10);
        foreach (var file in (string[])["status", "cgroup", "maps", "cmdline", "environ", "net/tcp", "net/tcp6", "stat"])
        {
            for (var round = 0; round < 20; round++)
            {
                var garbage = new byte[random.Next(2000)];
                random.NextBytes(garbage);
                host.With("proc/10/" + file, garbage);

                Scan(host);
            }
        }
    }

    [Fact]
    public void The_inventory_is_bounded_listening_ones_first_and_says_what_it_left_out()
    {
        using var host = Host();
        for (var pid = 10; pid < 20; pid++)
        {
            host.WithProcess(pid, maps: pid < 15 ? CoreClr : "");
        }

        host.WithLink("proc/18/fd/1", "socket:[5]");
        Tcp(host, "00000000:0050", 5);

        var inventory = Build(Scan(host));

        Assert.Equal([18u, 10, 11, 12, 13, 14], inventory.Processes.Select(process => process.Pid));
        Assert.Contains("4 processes left out, neither listening on TCP nor of a known language", inventory.Limits);
    }

    [Fact]
    public void Identity_start_and_container_reach_the_message()
    {
        var id = new string('a', 64);
        using var host = Host().With("etc/passwd", "web:x:33:33::/:/x\n").WithProcess(10, maps: CoreClr, startTicks: 250)
            .With("proc/10/status", "Uid:\t33\t33\t33\t33\nNSpid:\t10\t1\n").With("proc/10/cgroup", $"0::/system.slice/docker-{id}.scope\n")
            .With("proc/10/environ", "OTEL_SERVICE_NAME=shop\0OTEL_RESOURCE_ATTRIBUTES=service.namespace=eu\0");

        var fact = Assert.Single(Build(Scan(host)).Processes);

        Assert.Equal((1_000_000_000UL * 100) + 2_500_000_000, fact.StartUnixNano);
        Assert.Equal(("web", id, 1u, "shop", "eu"), (fact.Owner, fact.ContainerId, fact.ContainerPid, fact.DeclaredService, fact.DeclaredNamespace));
        Assert.Equal((1u, "/opt/app", "app"), (fact.ParentPid, fact.Executable, fact.DisplayName));
    }

    [Fact]
    public void A_table_of_a_hundred_thousand_connections_is_not_read_to_its_end()
    {
        var text = new StringBuilder(TcpHeader).Append(Row("00000000:0050", "0A", 5)).Append(Row("00000000:0051", "01", 6)).Append(Row("00000000:0052", "0A", 7));
        using var host = new FakeHost().With("proc/1/net/tcp", text.ToString());
        var table = new ListeningTable();

        table.Refresh(host.Proc, 1);

        Assert.Equal([5UL], table.Sockets.Keys);
    }

    private static FakeHost Host() => new FakeHost().With("proc/uptime", "1000.00 1.00\n");

    private static ProcessScanner Scan(FakeHost host)
    {
        var scanner = new ProcessScanner(host.Proc, host.Etc);
        scanner.Scan();
        return scanner;
    }

    private static ProcessInventory Build(ProcessScanner scanner) =>
        new InventoryBuilder(new HostIdentity("id", "name", "amd64", "", ""), 100_000_000_000, TimeProvider.System).Build(scanner);

    /// <summary>The namespace's table, as whichever process is asked shows it.</summary>
    private static void Tcp(FakeHost host, string address = "", int inode = 0) =>
        Table(host, "tcp", TcpHeader + (inode == 0 ? "" : Row(address, "0A", inode)));

    private static void Table(FakeHost host, string name, string text)
    {
        foreach (var folder in Directory.GetDirectories(host.PathOf("proc")))
        {
            host.With(Path.Combine("proc", Path.GetFileName(folder), "net", name), text);
        }
    }

    private static string Row(string address, string state, int inode) =>
        $"   0: {address} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000  1000        0 {inode} 1 0000000000000000 100 0 0 10 0\n";
}
