using Gantry.Agent.Host;
using Gantry.Agent.Processes;

namespace Gantry.Agent.Network;

/// <summary>The network namespaces that are looked at: the agent's own always, others as long as a process lives in them and the agent may enter.</summary>
internal sealed class SpaceTable(ProcFiles proc) : IDisposable
{
    /// <summary>Each costs two descriptors and, at most, its buffer.</summary>
    private const int Most = 512;

    private readonly Dictionary<ulong, Space> _spaces = [];
    private readonly HashSet<ulong> _closed = [];
    private readonly List<Space> _gone = [];
    private readonly List<string> _limits = [];
    private bool _isStarted;

    public IReadOnlyCollection<Space> All => _spaces.Values;

    /// <summary>Inode of the agent's own namespace.</summary>
    public ulong Own { get; private set; }

    /// <summary>In words, what cannot be seen and which right it needs; "" when everything can.</summary>
    public string Limit { get; private set; } = "";

    /// <param name="ended">Told of each namespace that has no process any more, before it is closed.</param>
    public void Refresh(IReadOnlyCollection<TrackedProcess> processes, Parties parties, Action<Space> ended)
    {
        foreach (var space in _spaces.Values)
        {
            space.IsSeen = false;
            space.SoleParty = -1;
        }

        _closed.Clear();
        OpenOwn();
        var areAllKnown = true;
        foreach (var process in processes)
        {
            var inode = process.Details.NetworkNamespace;
            areAllKnown &= inode != 0;
            if (inode != 0 && TryOpen(inode, process.Pid, out var space))
            {
                space.IsSeen = true;
                var party = parties.Of(process);
                space.SoleParty = space.SoleParty < 0 || space.SoleParty == party ? party : 0;
            }
        }

        foreach (var space in _spaces.Values)
        {
            // Who may live there unseen is not ruled out; and the agent's own namespace is rarely one service's.
            space.SoleParty = areAllKnown && space.Inode != Own ? space.SoleParty : 0;
        }

        CloseGone(ended);
        Describe(processes);
        _isStarted = true;
    }

    public void Dispose()
    {
        foreach (var space in _spaces.Values)
        {
            space.Dispose();
        }

        _spaces.Clear();
    }

    private void OpenOwn()
    {
        Span<byte> target = stackalloc byte[64];
        Own = proc.TryReadLink("self/ns/net"u8, target, out var length) == FileOutcome.Ok && SocketOwners.TryInode(target[..length], out var inode) ? inode : 1;
        if (!_spaces.TryGetValue(Own, out var space) && DiagnosticsSocket.Open() is { } sockets)
        {
            space = new Space(Own, sockets, isFirst: true);
            _spaces.Add(Own, space);
        }

        if (space is not null)
        {
            space.IsSeen = true;
        }
    }

    private bool TryOpen(ulong inode, int pid, out Space space)
    {
        if (_spaces.TryGetValue(inode, out space!))
        {
            return true;
        }

        if (_closed.Contains(inode) || _spaces.Count >= Most || DiagnosticsSocket.OpenIn(proc, pid) is not { } sockets)
        {
            _closed.Add(inode);
            return false;
        }

        space = new Space(inode, sockets, isFirst: !_isStarted);
        _spaces.Add(inode, space);
        return true;
    }

    private void CloseGone(Action<Space> ended)
    {
        _gone.Clear();
        foreach (var space in _spaces.Values)
        {
            if (!space.IsSeen)
            {
                _gone.Add(space);
            }
        }

        foreach (var space in _gone)
        {
            ended(space);
            _spaces.Remove(space.Inode);
            space.Dispose();
        }
    }

    private void Describe(IReadOnlyCollection<TrackedProcess> processes)
    {
        _limits.Clear();
        if (_spaces.Count == 0)
        {
            _limits.Add("the kernel has no socket diagnostics for the agent (CONFIG_INET_DIAG, or a filter of system calls): nothing can be seen");
        }

        if (_closed.Count > 0)
        {
            _limits.Add($"{_closed.Count} other network namespaces cannot be entered (that needs root or CAP_SYS_ADMIN; {Most} are the most)");
        }

        var unread = 0;
        foreach (var process in processes)
        {
            unread += process.IsReadable ? 0 : 1;
        }

        if (unread > 0)
        {
            _limits.Add($"connections of {unread} processes have no name (that needs root, or CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH)");
        }

        if (_spaces.Values.Any(static space => space.Sockets.Destroyed < 0))
        {
            _limits.Add("the kernel does not tell of closed sockets: connections shorter than the interval are not counted");
        }

        Limit = _limits.Count == 0 ? "" : string.Join("; ", _limits);
    }
}
