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
        Assert.True(files.Set(Wanted("1"), InjectorPaths.Library).IsChanged);
        Assert.Equal("/lib/other.so\n" + InjectorPaths.Library + "\n", _host.Read("/etc/ld.so.preload"));
        Assert.True(files.Set(Wanted("2"), InjectorPaths.Library).IsChanged);
        Assert.False(files.Set(Wanted("2"), InjectorPaths.Library).IsChanged);
        Assert.True(files.Set([Wanted("3")[0]], InjectorPaths.Library).IsChanged);
        var changed = _host.Snapshot();

        Assert.Equal((0, ""), await RollbackAsync("--dry-run"));
        Assert.Equal(changed, _host.Snapshot());
        Assert.Equal((0, ""), await RollbackAsync());

        Assert.Equal(original, _host.Snapshot());
        Assert.Equal((0, ""), await RollbackAsync());
    }

    [Fact]
    public async Task What_somebody_else_changed_is_not_overwritten_and_holds_up_no_other()
    {
        var original = _host.Snapshot();
        var files = _host.Files();
        files.Set(Wanted("1"));
        _host.Write(InjectorPaths.EnvironmentFile, "by hand\n");

        var done = files.Set(Wanted("2"));
        Assert.Equal("include_paths=/2\n", _host.Read(InjectorPaths.Conf));
        Assert.False(files.Set(Wanted("2")).IsChanged);
        Assert.Equal((0, ""), await RollbackAsync("--dry-run"));
        Assert.Contains($"would be left  {InjectorPaths.EnvironmentFile}\n", _out);
        var (code, error) = await RollbackAsync();

        Assert.StartsWith(InjectorPaths.EnvironmentFile + " was changed by somebody else", Assert.Single(done.Skipped, file => file.Key == InjectorPaths.EnvironmentFile).Value);
        Assert.Single(done.Skipped);
        Assert.Equal(1, code);
        Assert.Contains(InjectorPaths.EnvironmentFile, error);
        Assert.DoesNotContain($"removed  {InjectorPaths.EnvironmentFile}", _out);
        Assert.Equal("by hand\n", _host.Read(InjectorPaths.EnvironmentFile));
        Assert.Equal("include_paths=/by/hand\n", _host.Read(InjectorPaths.Conf));
        Assert.False(File.Exists(_host.Root + InjectorPaths.DropIn("shop.service")));
        File.Delete(_host.Root + InjectorPaths.EnvironmentFile);
        Assert.Equal((0, ""), await RollbackAsync());
        Assert.Equal(original, _host.Snapshot());
    }

    [Fact]
    public void While_the_file_that_narrows_the_choice_is_somebody_elses_no_line_is_added()
    {
        var files = _host.Files();
        files.Set(Wanted("1"));
        _host.Write(InjectorPaths.Conf, "# all\n");

        Assert.Equal([InjectorPaths.Conf], files.Set(Wanted("2"), InjectorPaths.Library).Skipped.Keys);

        Assert.Equal("/lib/other.so", _host.Read(InjectorPaths.Preload));
    }

    [Theory]
    [InlineData("edited")]
    [InlineData("link")]
    [InlineData("folder")]
    [InlineData("notes")]
    public async Task The_kill_switch_works_whatever_else_is_wrong(string what)
    {
        _host.Write(InjectorPaths.Preload, $"/lib/other.so\n/lib/a.so:{InjectorPaths.Library}\n");
        _host.Files().Set(Wanted("1"), InjectorPaths.Library);
        switch (what)
        {
            case "edited":
                _host.Write(InjectorPaths.DropIn("shop.service"), "# by hand\n");
                break;
            case "link":
                File.Delete(_host.Root + InjectorPaths.DropIn("shop.service"));
                File.CreateSymbolicLink(_host.Root + InjectorPaths.DropIn("shop.service"), "/dev/null");
                break;
            case "folder":
                Directory.Move(_host.Root + "/etc/opentelemetry/gantry", _host.Root + "/etc/moved");
                Directory.CreateSymbolicLink(_host.Root + "/etc/opentelemetry/gantry", _host.Root + "/etc/moved");
                break;
            default:
                File.WriteAllText(Path.Combine(_host.State, "manifest"), "{}");
                break;
        }

        var (code, error) = await RollbackAsync("--kill-switch");

        Assert.Equal(1, code);
        Assert.Contains(what switch { "folder" => "/etc/opentelemetry/gantry cannot be opened", "notes" => "manifest", _ => InjectorPaths.DropIn("shop.service") }, error);
        Assert.Equal("/lib/other.so\n/lib/a.so\n", _host.Read(InjectorPaths.Preload));
        Assert.Contains("does not name", _out);
        Assert.Equal(what == "notes" ? "include_paths=/1\n" : "include_paths=/by/hand\n", _host.Read(InjectorPaths.Conf));
        Assert.True(_host.Files().IsTakenOut());
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

    [Theory]
    [InlineData("", "/lib/other.so\n")]
    [InlineData("", null)]
    [InlineData($"/lib/other.so\n{InjectorPaths.Library}\n", "/lib/other.so\n")]
    [InlineData($"{InjectorPaths.Library}\n", null)]
    public void A_preload_line_that_somebody_took_out_is_not_put_back(string packaged, string? edited)
    {
        if (packaged.Length > 0)
        {
            _host.Write(InjectorPaths.Preload, packaged);
        }

        var files = _host.Files();
        files.Set(Wanted("1"), InjectorPaths.Library);
        if (edited is null)
        {
            File.Delete(_host.Root + InjectorPaths.Preload);
        }
        else
        {
            _host.Write(InjectorPaths.Preload, edited);
        }

        for (var scan = 0; scan < 3; scan++)
        {
            var done = files.Set(Wanted($"{scan}"), InjectorPaths.Library);
            Assert.Contains("does not put it back", done.Skipped[InjectorPaths.Preload]);
            Assert.Equal($"include_paths=/{scan}\n", _host.Read(InjectorPaths.Conf));
            Assert.Equal(edited, files.Read(InjectorPaths.Preload));
        }

        Assert.False(files.Set(Wanted("2"), InjectorPaths.Library).IsChanged);
        files.Set([]);
        files.Set(Wanted("1"), InjectorPaths.Library);
        Assert.Equal(edited, files.Read(InjectorPaths.Preload));
        files.GiveBack();
        Assert.Equal(edited, files.Read(InjectorPaths.Preload));
        Assert.Empty(files.Set(Wanted("1"), InjectorPaths.Library).Skipped);
        Assert.Equal(edited + InjectorPaths.Library + "\n", _host.Read(InjectorPaths.Preload));
    }

    [Fact]
    public void The_line_that_the_agent_itself_gave_back_it_may_write_again()
    {
        var files = _host.Files();
        files.Set(Wanted("1"), InjectorPaths.Library);
        files.Set([]);

        Assert.Empty(files.Set(Wanted("1"), InjectorPaths.Library).Skipped);

        Assert.Contains(InjectorPaths.Library, _host.Read(InjectorPaths.Preload));
    }

    [Fact]
    public void As_the_last_resort_a_packages_own_line_is_taken_out_and_rollback_gives_it_back()
    {
        _host.Write("/etc/ld.so.preload", $"/lib/other.so\n{InjectorPaths.Library}\n");
        var original = _host.Snapshot();
        var files = _host.Files();
        files.Set(Wanted("1"), InjectorPaths.Library);
        Assert.False(files.IsTakenOut());

        files.TakeOut(InjectorPaths.Library);
        files.Set([]);

        Assert.Equal("/lib/other.so\n", _host.Read("/etc/ld.so.preload"));
        Assert.True(files.IsTakenOut());
        files.GiveBack();
        Assert.False(files.IsTakenOut());
        Assert.Equal(original, _host.Snapshot());
    }

    [Theory]
    [InlineData("")]
    [InlineData($"{InjectorPaths.Library}\n")]
    public void A_line_that_was_taken_out_stays_out_until_a_rollback(string packaged)
    {
        _host.Write(InjectorPaths.Preload, packaged);
        var files = _host.Files();
        files.Set(Wanted("1"), InjectorPaths.Library);
        files.TakeOut(InjectorPaths.Library);

        // Another plan; then a tool that edits the file; then the package that is installed again.
        foreach (var edited in new[] { "", "/lib/tool.so\n", $"/lib/tool.so\n{InjectorPaths.Library}\n" })
        {
            if (edited.Length > 0)
            {
                _host.Write(InjectorPaths.Preload, edited);
            }

            files.Set(Wanted("2"), InjectorPaths.Library);
            Assert.Equal(edited.Length > 0 ? "/lib/tool.so\n" : "", _host.Read(InjectorPaths.Preload));
            Assert.False(files.Set(Wanted("2"), InjectorPaths.Library).IsChanged);
            Assert.True(files.IsTakenOut());
        }

        files.GiveBack();
        Assert.Equal($"/lib/tool.so\n{InjectorPaths.Library}\n", _host.Read(InjectorPaths.Preload));
    }

    [Fact]
    public void Whose_the_line_is_is_known()
    {
        var files = _host.Files();
        Assert.False(files.IsPreloadedByOthers(InjectorPaths.Library));
        files.Set(Wanted("1"), InjectorPaths.Library);
        Assert.False(files.IsPreloadedByOthers(InjectorPaths.Library));
        files.Set([]);
        _host.Write(InjectorPaths.Preload, InjectorPaths.Library + "\n");
        files.Set(Wanted("1"), InjectorPaths.Library);
        Assert.True(files.IsPreloadedByOthers(InjectorPaths.Library));
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
            Assert.Contains("symbolic link", _host.Files().Set(Wanted("1")).Skipped[InjectorPaths.EnvironmentFile]);
            Directory.Delete(_host.Root + "/etc/opentelemetry/gantry");

            File.WriteAllText(outside + "/secret", "secret");
            File.Delete(_host.Root + InjectorPaths.Conf);
            File.CreateSymbolicLink(_host.Root + InjectorPaths.Conf, outside + "/secret");
            Assert.Contains("symbolic link", _host.Files().Set(Wanted("1")).Skipped[InjectorPaths.Conf]);

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

    private string _out = "";

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

        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await AgentVerbs.RunAsync(new VerbConsole(output, error, TimeProvider.System), ["rollback", "--root", _host.Root, "--state", agent, .. more], TestContext.Current.CancellationToken);
        _out = output.ToString();
        return (code, error.ToString());
    }
}
