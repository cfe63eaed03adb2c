namespace Gantry.Testing;

/// <summary>The checkout that this program was built in. Compiled into every test program and the benchmarks.</summary>
internal static class Repository
{
    /// <summary>The folder that holds Gantry.slnx.</summary>
    public static string Root { get; } = Find();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Gantry.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"Gantry.slnx is in no folder above {AppContext.BaseDirectory}");
    }
}
