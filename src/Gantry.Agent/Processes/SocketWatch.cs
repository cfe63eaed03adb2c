using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>
/// Joins the listening sockets of each network namespace to the processes that hold them. Looking through a process's descriptors is the dearest
/// thing that the agent does, so it is done (1) for processes that are new, and (2) when a socket is new that none of those holds, for the others,
/// likely ones first, until its owner is found. A socket that has gone is taken from its owners without looking.
/// </summary>
/// <remarks>Not seen: an old process that is handed a new socket which another process holds too.</remarks>
internal sealed class SocketWatch(ProcFiles proc)
{
    private readonly SocketOwners _owners = new(proc);
    private readonly Dictionary<ulong, Namespace> _namespaces = [];
    private List<ulong> _inodes = [];
    private int _changes;

    /// <returns>How many processes listen otherwise than before.</returns>
    public int Update(IReadOnlyCollection<TrackedProcess> processes, long scan)
    {
        _changes = 0;
        ReadTables(processes, scan);
        foreach (var process in processes)
        {
            if (TryTable(process, out var table) && (process.NeedsWalk || HasLost(process, table)))
            {
                UpdateOne(process, table);
            }
        }

        FindOwners(processes, likely: true);
        FindOwners(processes, likely: false);
        return _changes;
    }

    private void ReadTables(IReadOnlyCollection<TrackedProcess> processes, long scan)
    {
        foreach (var process in processes)
        {
            if (process.Details.NetworkNamespace is not 0 and var inode)
            {
                ReadTable(inode, process.Pid, scan);
            }
        }

        foreach (var (inode, space) in _namespaces)
        {
            if (space.Scan != scan)
            {
                _namespaces.Remove(inode);
            }
        }
    }

    /// <summary>Any process of the namespace shows its table: the first one lends it for this scan.</summary>
    private void ReadTable(ulong inode, int pid, long scan)
    {
        if (!_namespaces.TryGetValue(inode, out var space))
        {
            space = new Namespace();
            _namespaces.Add(inode, space);
        }

        if (space.Scan != scan)
        {
            space.Scan = scan;
            space.Table.Refresh(proc, pid);
        }
    }

    private void FindOwners(IReadOnlyCollection<TrackedProcess> processes, bool likely)
    {
        foreach (var process in processes)
        {
            if (process.IsReported == likely && TryTable(process, out var table) && table.New.Count > 0)
            {
                process.NeedsWalk = true;
                UpdateOne(process, table);
            }
        }
    }

    private void UpdateOne(TrackedProcess process, ListeningTable table)
    {
        _inodes.Clear();
        if (process.NeedsWalk)
        {
            process.NeedsWalk = false;
            process.MayWalk = _owners.TryWalk(process.Pid, table.Sockets, _inodes);
            table.New.ExceptWith(_inodes);
            _inodes.Sort();
        }
        else
        {
            _inodes.AddRange(process.Sockets.Where(table.Sockets.ContainsKey));
        }

        if (!_inodes.SequenceEqual(process.Sockets))
        {
            _changes++;
            (process.Sockets, _inodes) = (_inodes, process.Sockets);
            process.Listening = Describe(process.Sockets, table);
        }
    }

    /// <summary>Each address once, as a process with SO_REUSEPORT has many sockets of one; in an order that two scans share.</summary>
    private static List<Endpoint> Describe(List<ulong> sockets, ListeningTable table) =>
        [.. sockets.Select(inode => table.Sockets[inode]).Distinct().OrderBy(end => end.Port).ThenBy(end => end.Address, StringComparer.Ordinal)];

    private bool TryTable(TrackedProcess process, out ListeningTable table)
    {
        var isKnown = _namespaces.TryGetValue(process.Details.NetworkNamespace, out var space);
        table = space?.Table!;
        return isKnown;
    }

    private static bool HasLost(TrackedProcess process, ListeningTable table)
    {
        foreach (var inode in process.Sockets)
        {
            if (!table.Sockets.ContainsKey(inode))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Namespace
    {
        public ListeningTable Table { get; } = new();

        public long Scan { get; set; }
    }
}
