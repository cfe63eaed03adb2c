using Gantry.Cli.Serve;

namespace Gantry.Cli.Tests.Serve;

public sealed class DataFolderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public void The_variable_comes_first_then_xdg_then_home()
    {
        var both = Cli.Environment(("GANTRY_DATA", "/d"), ("XDG_DATA_HOME", "/x"));
        var xdg = Cli.Environment(("XDG_DATA_HOME", "/x"));
        var relative = Cli.Environment(("XDG_DATA_HOME", "x"));

        Assert.Equal("/d", DataFolder.Default(both.GetValueOrDefault));
        Assert.Equal("/x/gantry", DataFolder.Default(xdg.GetValueOrDefault));
        Assert.EndsWith("/.local/share/gantry", DataFolder.Default(relative.GetValueOrDefault));
        Assert.EndsWith("/.local/share/gantry", DataFolder.Default(_ => null));
    }

    [Fact]
    public void A_folder_is_made_and_can_be_held_again_after()
    {
        var path = _folder["a/b"];

        using (DataFolder.Hold(path))
        {
            Assert.True(Directory.Exists(path));
        }

        using var again = DataFolder.Hold(path);
        Assert.Equal(path, again.Path);
    }

    [Fact]
    public void A_held_folder_names_its_holder()
    {
        using var held = DataFolder.Hold(_folder.Path);
        held.Sign("http://127.0.0.1:4320/");

        var failure = Assert.Throws<CommandFailure>(() => DataFolder.Hold(_folder.Path));

        Assert.Contains($"process {Environment.ProcessId}, http://127.0.0.1:4320/", failure.Message);
        Assert.Contains("--data DIR", failure.Message);
    }

    [Fact]
    public void A_crashed_holder_leaves_no_lock()
    {
        File.WriteAllText(_folder["gantry.lock"], "process 1, http://127.0.0.1:4320/");

        using var held = DataFolder.Hold(_folder.Path);

        Assert.Equal(_folder.Path, held.Path);
    }

    [Fact]
    public void A_file_in_its_place_is_named()
    {
        File.WriteAllText(_folder["file"], "");

        var failure = Assert.Throws<CommandFailure>(() => DataFolder.Hold(_folder["file"]));

        Assert.Contains($"cannot write to the data folder {_folder["file"]}", failure.Message);
        Assert.Contains("--data DIR", failure.Message);
    }

    public void Dispose() => _folder.Dispose();
}
