using Gantry.Agent.Apply;
using Gantry.Agent.Boot.Verbs;
using Gantry.Estate.Instrumentation.Injector;

namespace Gantry.Agent.Tests.Apply;

public sealed class HostFilesTests : IDisposable
{
    private readonly HostCopy _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Rollback_restores_the_host_byte_for_byte()
    {
        var original = _host.Snapshot();
        var files = _host.Files();
        Assert.True(files.Set(Wanted("1"), InjectorPaths.Library));
        Assert.Equal("/lib/other.so\n" + InjectorPaths.Library + "\n", _host.Read("/etc/ld.so.preload"));
        Assert.True(files.Set(Wanted("2"), InjectorPaths.Library));
        Assert.False(files.Set(Wanted("2"), InjectorPaths.Library));
        Assert.True(files.Set([Wanted("3")[0]], InjectorPaths.Library));
        var changed = _host.Snapshot();

        Assert.Equal((0, ""), await RollbackAsync("--dry-run"));
        Assert.Equal(changed, _host.Snapshot());
        Assert.Equal((0, ""), await RollbackAsync());

        Assert.Equal(original, _host.Snapshot());
        Assert.Equal((0, ""), await RollbackAsync());
    }

    [Fact]
    public async Task What_somebody_else_changed_is_not_overwritten()
    {
        var original = _host.Snapshot();
        var files = _host.Files();
        files.Set(Wanted("1"));
        _host.Write(InjectorPaths.EnvironmentFile, "by hand\n");
        var before = _host.Snapshot();

        var problem = Assert.Throws<ApplyException>(() => files.Set(Wanted("2")));
        var (code, error) = await RollbackAsync();

        Assert.StartsWith(InjectorPaths.EnvironmentFile + " was changed by somebody else", problem.Message);
        Assert.Equal(1, code);
        Assert.Contains(InjectorPaths.EnvironmentFile, error);
        Assert.Equal(before, _host.Snapshot());
        File.Delete(_host.Root + InjectorPaths.EnvironmentFile);
        Assert.Equal((0, ""), await RollbackAsync());
        Assert.Equal(original, _host.Snapshot());
    }

    [Fact]
    public void Lines_of_others_in_the_preload_file_stay()
    {
        var files = _host.Files();
        files.Set(Wanted("1"), InjectorPaths.Library);
        _host.Write("/etc/ld.so.preload", _host.Read("/etc/ld.so.preload") + "/lib/third.so\n");

        files.Set([]);

        Assert.Equal("/lib/other.so\n/lib/third.so\n", _host.Read("/etc/ld.so.preload"));
    }

    [Fact]
    public void A_preload_line_that_somebody_took_out_is_not_put_back()
    {
        var files = _host.Files();
        files.Set(Wanted("1"), InjectorPaths.Library);
        _host.Write("/etc/ld.so.preload", "/lib/other.so\n");

        Assert.Contains("does not put it back", Assert.Throws<ApplyException>(() => files.Set(Wanted("2"), InjectorPaths.Library)).Message);
        files.Set([]);

        Assert.Equal("/lib/other.so\n", _host.Read("/etc/ld.so.preload"));
    }

    [Fact]
    public void As_the_last_resort_a_packages_own_line_is_taken_out_and_rollback_gives_it_back()
    {
        _host.Write("/etc/ld.so.preload", $"/lib/other.so\n{InjectorPaths.Library}\n");
        var original = _host.Snapshot();
        var files = _host.Files();
        files.Set(Wanted("1"), InjectorPaths.Library);
        Assert.False(files.IsTakenOut(InjectorPaths.Library));

        files.Set([], takeOut: InjectorPaths.Library);

        Assert.Equal("/lib/other.so\n", _host.Read("/etc/ld.so.preload"));
        Assert.True(files.IsTakenOut(InjectorPaths.Library));
        files.Set([]);
        Assert.Equal(original, _host.Snapshot());
    }

    [Fact]
    public async Task The_kill_switch_takes_the_line_out_and_the_next_rollback_gives_it_back()
    {
        _host.Write("/etc/ld.so.preload", $"{InjectorPaths.Library}\n/lib/other.so\n");
        var original = _host.Snapshot();

        Assert.Equal((0, ""), await RollbackAsync("--kill-switch"));
        Assert.Equal("/lib/other.so\n", _host.Read("/etc/ld.so.preload"));
        Assert.Equal((0, ""), await RollbackAsync());

        Assert.Equal(original, _host.Snapshot());
    }

    [Fact]
    public void A_link_on_the_way_is_not_followed()
    {
        var outside = Directory.CreateTempSubdirectory("gantry-outside").FullName;
        try
        {
            Directory.CreateSymbolicLink(_host.Root + "/etc/opentelemetry/gantry", outside);
            Assert.Contains("symbolic link", Assert.Throws<ApplyException>(() => _host.Files().Set(Wanted("1"))).Message);
            Directory.Delete(_host.Root + "/etc/opentelemetry/gantry");

            File.WriteAllText(outside + "/secret", "secret");
            File.Delete(_host.Root + InjectorPaths.Conf);
            File.CreateSymbolicLink(_host.Root + InjectorPaths.Conf, outside + "/secret");
            Assert.Contains("symbolic link", Assert.Throws<ApplyException>(() => _host.Files().Set(Wanted("1"))).Message);

            Assert.Equal(["secret"], Directory.GetFileSystemEntries(outside).Select(Path.GetFileName));
            Assert.Equal("secret", File.ReadAllText(outside + "/secret"));
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/etc/opentelemetry/gantry/../../passwd")]
    [InlineData("/etc/opentelemetry/gantry//x")]
    [InlineData("/etc/systemd/system/shop.service")]
    [InlineData("/etc/systemd/system/shop.service.d/99-mine.conf")]
    [InlineData("/etc/systemd/system/a/b.service.d/50-gantry-otel.conf")]
    [InlineData("etc/ld.so.preload")]
    [InlineData("/etc/opentelemetry/injector/conf.d/java.conf")]
    public void Nothing_else_is_ever_written(string path)
    {
        var before = _host.Snapshot();

        Assert.EndsWith("is none of the files that the agent may write", Assert.Throws<ApplyException>(() => _host.Files().Set([new HostFile(path, "x")])).Message);

        Assert.Equal(before, _host.Snapshot());
    }

    [Fact]
    public void Two_agents_are_kept_apart()
    {
        using var other = new ApplyStore(_host.State, _ => { });

        Assert.Contains("in use by another agent", Assert.Throws<ApplyException>(() => _host.Files().Set(Wanted("1"))).Message);
    }

    [Fact]
    public void A_change_that_fails_halfway_is_undone_at_once()
    {
        _host.Files().Set(Wanted("1"));
        var before = _host.Snapshot();
        var files = new HostFiles(_host.Root, _host.State, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, step =>
        {
            if (step == $"{InjectorPaths.Conf} in place")
            {
                throw new IOException("the disk is full");
            }
        });

        Assert.Throws<ApplyException>(() => files.Set(Wanted("2"), InjectorPaths.Library));

        Assert.Equal(before, _host.Snapshot());
    }

    [Fact]
    public void Notes_that_were_changed_are_not_believed()
    {
        _host.Files().Set(Wanted("1"));
        File.WriteAllText(Path.Combine(_host.State, "manifest"), "{\"number\":1,\"folders\":[],\"entries\":[{\"path\":\"/etc/passwd\",\"original\":\"\",\"before\":\"\",\"after\":\"\"}]}");

        Assert.Contains("none of the files", Assert.Throws<ApplyException>(() => _host.Files().Set([])).Message);
        File.WriteAllText(Path.Combine(_host.State, "manifest"), "{}");
        Assert.Contains("is not what the agent wrote", Assert.Throws<ApplyException>(() => _host.Files().Set([])).Message);
        Assert.True(File.Exists(_host.Root + "/etc/passwd"));
    }

    private static HostFile[] Wanted(string text) =>
    [
        new(InjectorPaths.Conf, $"include_paths=/{text}\n"),
        new(InjectorPaths.EnvironmentFile, $"OTEL_X={text}\n"),
        new(InjectorPaths.DropIn("shop.service"), "[Service]\n", HostFile.Private),
    ];

    private async Task<(int Code, string Error)> RollbackAsync(params string[] more)
    {
        // The verb takes the agent's state folder, and the notes are in one below it.
        var agent = Path.Combine(Path.GetDirectoryName(_host.State)!, "agent");
        Directory.CreateDirectory(agent);
        Directory.CreateDirectory(_host.State);
        if (!Directory.Exists(RollbackVerb.StateFolder(agent)))
        {
            Directory.CreateSymbolicLink(RollbackVerb.StateFolder(agent), _host.State);
        }

        using var error = new StringWriter();
        var code = await AgentVerbs.RunAsync(new VerbConsole(TextWriter.Null, error, TimeProvider.System), ["rollback", "--root", _host.Root, "--state", agent, .. more], TestContext.Current.CancellationToken);
        return (code, error.ToString());
    }
}
