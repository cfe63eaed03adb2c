using Gantry.Agent.Host;
using Gantry.Agent.Processes;

namespace Gantry.Agent.Network;

/// <summary>
/// Which process holds a socket: its descriptors are links to "socket:[inode]". To look through them is the dearest part of the view, so it is done only
/// for sockets that are new, likely processes first, within a bound for each sample.
/// </summary>
internal sealed class SocketHolders(ProcFiles proc, Parties parties)
{
    /// <summary>Some 60 ms of work.</summary>
    private const int MostDescriptors = 60_000;

    private readonly HashSet<int> _talkers = [];
    private readonly List<int> _descriptors = [];
    private int _left;
    private int _turn;

    /// <summary>Processes that did not let themselves be looked at in the last search.</summary>
    public int Denied { get; private set; }

    /// <param name="wanted">Inodes; those found get the number of their party.</param>
    /// <param name="missing">How many have none.</param>
    public void Find(IReadOnlyCollection<TrackedProcess> processes, Dictionary<uint, int> wanted, int missing)
    {
        _left = MostDescriptors;
        Denied = 0;
        _turn++;
        // 1. who was seen to connect before; 2. who serves or runs a known language; 3. the rest, another half of them in each sample.
        for (var group = 1; group <= 3 && missing > 0; group++)
        {
            foreach (var process in processes)
            {
                var isTalker = _talkers.Contains(process.Pid);
                var its = isTalker ? 1 : process.IsReported ? 2 : 3;
                if (its == group && (group < 3 || _left > MostDescriptors / 2 || (process.Pid & 1) == (_turn & 1)))
                {
                    missing -= Walk(process, wanted);
                }

                if (missing <= 0 || _left <= 0)
                {
                    return;
                }
            }
        }

        if (_talkers.Count > 8192)
        {
            _talkers.Clear();
        }
    }

    private int Walk(TrackedProcess process, Dictionary<uint, int> wanted)
    {
        var found = 0;
        if (proc.TryList(process.Pid, "fd"u8, _descriptors) == FileOutcome.Denied)
        {
            Denied++;
            return 0;
        }

        Span<byte> name = stackalloc byte[16];
        Span<byte> target = stackalloc byte[64];
        "fd/"u8.CopyTo(name);
        _left -= _descriptors.Count;
        for (var i = 0; i < _descriptors.Count; i++)
        {
            _descriptors[i].TryFormat(name[3..], out var digits);
            if (proc.TryReadLink(process.Pid, name[..(3 + digits)], target, out var length) == FileOutcome.Ok
                && SocketOwners.TryInode(target[..length], out var inode) && wanted.TryGetValue((uint)inode, out var known) && known == 0)
            {
                wanted[(uint)inode] = parties.Of(process);
                found++;
            }
        }

        if (found > 0)
        {
            _talkers.Add(process.Pid);
        }

        return found;
    }
}
