using System.IO.Enumeration;
using System.Text;
using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>
/// The sockets {tmp}/dotnet-diagnostic-{pid}-{key}-socket by which a .NET can be attached to, and shows itself when its executable says nothing. The key
/// is the process's start in ticks, so that what a dead process left behind is not taken for its successor's. Processes share a few folders for
/// temporary files, which may be large: each is listed once a scan at most.
/// </summary>
internal sealed class DiagnosticsSockets(ProcFiles proc)
{
    private const string Prefix = "dotnet-diagnostic-";
    private const string Suffix = "-socket";

    private const int LongestFolder = 256;

    private readonly Dictionary<(uint Major, uint Minor, ulong Inode), HashSet<(uint Pid, ulong Key)>> _folders = [];

    /// <summary>A new scan: what was listed is old.</summary>
    public void Restart() => _folders.Clear();

    /// <param name="pid">The process, as this host counts.</param>
    /// <param name="innerPid">As the process itself counts, 0 when that is the same.</param>
    /// <param name="startTicks">When it started: the socket must be this very process's.</param>
    /// <param name="temporary">Its TMPDIR; empty for /tmp.</param>
    public bool Has(int pid, uint innerPid, ulong startTicks, ReadOnlySpan<byte> temporary) =>
        Folder(pid, temporary.IsEmpty ? "/tmp"u8 : temporary).Contains((innerPid > 0 ? innerPid : (uint)pid, startTicks));

    private HashSet<(uint Pid, ulong Key)> Folder(int pid, ReadOnlySpan<byte> folder)
    {
        if (folder.Length > LongestFolder || folder[0] != (byte)'/' || !proc.TryStat(pid, "root"u8, folder, out var status))
        {
            return [];
        }

        var key = (status.DeviceMajor, status.DeviceMinor, status.Inode);
        if (!_folders.TryGetValue(key, out var found))
        {
            found = List($"{proc.Root}/{pid}/root{Encoding.UTF8.GetString(folder)}");
            _folders.Add(key, found);
        }

        return found;
    }

    private static HashSet<(uint Pid, ulong Key)> List(string folder)
    {
        var pids = new HashSet<(uint Pid, ulong Key)>();
        try
        {
            var found = new FileSystemEnumerable<(uint Pid, ulong Key)>(
                folder,
                static (ref entry) => Parse(entry.FileName),
                new EnumerationOptions { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true })
            {
                ShouldIncludePredicate = static (ref entry) => Parse(entry.FileName).Pid > 0,
            };
            pids.UnionWith(found);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It went away, or is not ours to see: then there is nothing to be found in it.
        }

        return pids;
    }

    private static (uint Pid, ulong Key) Parse(ReadOnlySpan<char> name)
    {
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || !name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return default;
        }

        var rest = name[Prefix.Length..^Suffix.Length];
        var dash = rest.IndexOf('-');
        return dash > 0 && uint.TryParse(rest[..dash], out var pid) && ulong.TryParse(rest[(dash + 1)..], out var key) ? (pid, key) : default;
    }
}
