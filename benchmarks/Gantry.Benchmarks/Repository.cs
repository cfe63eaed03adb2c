namespace Gantry.Benchmarks;

internal static class Repository
{
    /// <summary>The folder that holds Gantry.slnx, above the program.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Gantry.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new BenchmarkException($"Gantry.slnx is in no folder above {AppContext.BaseDirectory}");
    }
}
