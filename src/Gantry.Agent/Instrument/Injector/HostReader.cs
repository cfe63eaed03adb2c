using System.Runtime.InteropServices;
using Gantry.Agent.Apply;
using Gantry.Estate.Instrumentation.Injector;

namespace Gantry.Agent.Instrument.Injector;

/// <summary>What of a host its files depend on.</summary>
/// <param name="agents">Language to the path of its agent, beside those that packages bring.</param>
internal sealed class HostReader(HostFiles files, IReadOnlyDictionary<string, string> agents)
{
    private const int LongestFile = 256 * 1024;

    public bool HasInjector => File.Exists(On(InjectorPaths.Library));

    public IReadOnlyDictionary<string, string> Agents()
    {
        var found = new Dictionary<string, string>(agents);
        foreach (var runtime in InjectorRuntime.All)
        {
            if (Path.Exists(On(runtime.PackagedPath)))
            {
                found.TryAdd(runtime.Language, runtime.PackagedPath);
            }
        }

        return found;
    }

    /// <summary>The injector's configuration that is not ours, as it reads it: plain files that end with .conf.</summary>
    public IReadOnlyList<HostFile> OtherFiles()
    {
        var others = new List<HostFile>();
        var folder = new DirectoryInfo(On(InjectorPaths.ConfFolder));
        var paths = folder.Exists ? folder.EnumerateFiles("*.conf").Where(file => file.LinkTarget is null).Select(file => $"{InjectorPaths.ConfFolder}/{file.Name}").Take(100) : [];
        foreach (var path in paths.Prepend(InjectorPaths.MainConf).Where(path => path != InjectorPaths.Conf))
        {
            var file = new FileInfo(On(path));
            if (file.Exists && file.Length <= LongestFile)
            {
                others.Add(new HostFile(path, File.ReadAllText(file.FullName)));
            }
        }

        return others;
    }

    /// <summary>The text of our drop-in; null where the unit has none.</summary>
    public string? DropIn(string unit) => UnitDropIn.UnitProblem(unit) is null ? files.Read(InjectorPaths.DropIn(unit)) : null;

    /// <summary>When a file was put in its place, in nanoseconds since 1970; 0 when there is none.</summary>
    public ulong WrittenAt(string path)
    {
        var file = new FileInfo(On(path));
        return file.Exists ? (ulong)(file.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * 100 : 0;
    }

    public static string Architecture => RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x64";

    private string On(string path) => files.Root.TrimEnd('/') + path;
}
