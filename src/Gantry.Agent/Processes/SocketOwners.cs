using Gantry.Agent.Host;

namespace Gantry.Agent.Processes;

/// <summary>Which listening sockets a process holds: the links /proc/PID/fd/N that point to "socket:[inode]".</summary>
internal sealed class SocketOwners(ProcFiles proc)
{
    /// <summary>
    /// Descriptors are tried by number rather than listed, as listing would stat each one's target. A listening socket is opened early
    /// and so has a low number; a proxy with a hundred thousand connections is not walked to its end.
    /// </summary>
    private const int MostDescriptors = 8192;

    /// <param name="pid">The process.</param>
    /// <param name="slots">FDSize of its status: no number is higher.</param>
    /// <param name="sockets">The listening sockets of its network namespace.</param>
    /// <param name="found">Filled with the inodes that the process holds.</param>
    /// <returns>False when the process does not let itself be looked at.</returns>
    public bool TryWalk(int pid, int slots, IReadOnlyDictionary<ulong, Endpoint> sockets, List<ulong> found)
    {
        Span<byte> name = stackalloc byte[16];
        Span<byte> target = stackalloc byte[64];
        "fd/"u8.CopyTo(name);
        for (var descriptor = 0; descriptor < Math.Min(slots, MostDescriptors) && found.Count < sockets.Count; descriptor++)
        {
            descriptor.TryFormat(name[3..], out var digits);
            var outcome = proc.TryReadLink(pid, name[..(3 + digits)], target, out var length);
            if (outcome == FileOutcome.Denied)
            {
                return false;
            }

            if (TryInode(target[..length], out var inode) && sockets.ContainsKey(inode) && !found.Contains(inode))
            {
                found.Add(inode);
            }
        }

        return true;
    }

    /// <summary>The number of a link "socket:[123]" or "net:[123]".</summary>
    public static bool TryInode(ReadOnlySpan<byte> link, out ulong inode)
    {
        inode = 0;
        return link.EndsWith("]"u8) && (link.StartsWith("socket:["u8) || link.StartsWith("net:["u8))
            && TextCursor.TryParse(link[(link.IndexOf((byte)'[') + 1)..^1], out inode);
    }
}
