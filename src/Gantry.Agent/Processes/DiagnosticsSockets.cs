using System.IO.Enumeration;
using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>
/// The sockets {tmp}/dotnet-diagnostic-{pid}-{key}-socket by which a .NET shows itself whose executable says nothing. Processes share a few
/// folders for temporary files, which may be large: each is listed once a scan at most.
/// </summary>
internal sealed class DiagnosticsSockets(ProcFiles proc)
{
    private const string Prefix = "dotnet-diagnostic-";

    private readonly Dictionary<(uint Major, uint Minor, ulong Inode), HashSet<uint>> _folders = [];

    /// <summary>A new scan: what was listed is old.</summary>
    public void Restart() => _folders.Clear();

    /// <param name="pid">The process, as this host counts.</param>
    /// <param name="innerPid">As the process itself counts, 0 when that is the same.</param>
    public bool Has(int pid, uint innerPid)
    {
        if (!proc.TryStat(pid, "root"u8, "/tmp"u8, out var status))
        {
            return false;
        }

        var key = (status.DeviceMajor, status.DeviceMinor, status.Inode);
        if (!_folders.TryGetValue(key, out var pids))
        {
            pids = List($"{proc.Root}/{pid}/root/tmp");
            _folders.Add(key, pids);
        }

        return pids.Contains(innerPid > 0 ? innerPid : (uint)pid);
    }

    private static HashSet<uint> List(string folder)
    {
        var pids = new HashSet<uint>();
        try
        {
            var found = new FileSystemEnumerable<uint>(
                folder,
                static (ref entry) => PidOf(entry.FileName),
                new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true })
            {
                ShouldIncludePredicate = static (ref entry) => PidOf(entry.FileName) > 0,
            };
            pids.UnionWith(found);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It went away, or is not ours to see: then there is nothing to be found in it.
        }

        return pids;
    }

    private static uint PidOf(ReadOnlySpan<char> name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return 0;
        }

        var rest = name[Prefix.Length..];
        var end = rest.IndexOf('-');
        return end > 0 && uint.TryParse(rest[..end], out var pid) ? pid : 0;
    }
}
