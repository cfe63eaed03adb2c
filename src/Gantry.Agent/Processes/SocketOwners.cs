using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>Which listening sockets a process holds: the links /proc/PID/fd/N that point to "socket:[inode]".</summary>
internal sealed class SocketOwners(ProcFiles proc)
{
    /// <summary>Listening sockets are opened early and so have low numbers: a proxy with a hundred thousand connections is not walked to its end.</summary>
    private const int MostDescriptors = 8192;

    private readonly List<int> _descriptors = [];

    /// <param name="pid">The process.</param>
    /// <param name="sockets">The listening sockets of its network namespace.</param>
    /// <param name="found">Filled with the inodes that the process holds.</param>
    /// <returns>False when the process does not let itself be looked at.</returns>
    public bool TryWalk(int pid, IReadOnlyDictionary<ulong, Endpoint> sockets, List<ulong> found)
    {
        if (sockets.Count == 0)
        {
            return true;
        }

        var outcome = proc.TryList(pid, "fd"u8, _descriptors);
        Span<byte> name = stackalloc byte[16];
        Span<byte> target = stackalloc byte[64];
        "fd/"u8.CopyTo(name);
        for (var i = 0; i < Math.Min(_descriptors.Count, MostDescriptors) && found.Count < sockets.Count; i++)
        {
            _descriptors[i].TryFormat(name[3..], out var digits);
            outcome = proc.TryReadLink(pid, name[..(3 + digits)], target, out var length);
            if (TryInode(target[..length], out var inode) && sockets.ContainsKey(inode) && !found.Contains(inode))
            {
                found.Add(inode);
            }
        }

        return outcome != FileOutcome.Denied;
    }

    /// <summary>The number of a link "socket:[123]" or "net:[123]".</summary>
    public static bool TryInode(ReadOnlySpan<byte> link, out ulong inode)
    {
        inode = 0;
        return link.EndsWith("]"u8) && (link.StartsWith("socket:["u8) || link.StartsWith("net:["u8))
            && TextCursor.TryParse(link[(link.IndexOf((byte)'[') + 1)..^1], out inode);
    }
}
