using System.Text;

namespace Gantry.Agent.Host;

/// <summary>A mounted file system on a device of this host.</summary>
/// <param name="Device">What was mounted: "/dev/sda1", "tank/home".</param>
/// <param name="DeviceNumber">"254:0", as /sys/dev/block has it.</param>
internal sealed record Mount(string Device, string DeviceNumber, string Mountpoint, string Type, bool IsWritable);

/// <summary>
/// /proc/self/mountinfo, a line a mount: id, parent, major:minor, root within the file system, mount point, options, optional fields,
/// "-", type, source, options of the file system (proc(5)). Blanks in paths are written \040.
/// </summary>
internal static class MountTable
{
    /// <summary>One mount for each device: the one of its root where there is one, as bind mounts show the same numbers again.</summary>
    public static List<Mount> Parse(ReadOnlySpan<byte> text)
    {
        var mounts = new List<(Mount Mount, bool IsRoot)>();
        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            if (TryParseLine(line) is not { } found)
            {
                continue;
            }

            // A btrfs gives every subvolume its own number, and the same source.
            var known = mounts.FindIndex(mount => mount.Mount.Device == found.Mount.Device || mount.Mount.DeviceNumber == found.Mount.DeviceNumber);
            if (known < 0)
            {
                mounts.Add(found);
            }
            else if (found.IsRoot && !mounts[known].IsRoot)
            {
                mounts[known] = found;
            }
        }

        return mounts.ConvertAll(mount => mount.Mount);
    }

    private static (Mount Mount, bool IsRoot)? TryParseLine(ReadOnlySpan<byte> line)
    {
        var words = new TextCursor(line);
        words.Skip(2);
        var number = words.Word();
        var root = words.Word();
        var point = words.Word();
        var options = words.Word();
        ReadOnlySpan<byte> word;
        do
        {
            word = words.Word();
        }
        while (!word.IsEmpty && !word.SequenceEqual("-"u8));

        var type = words.Word();
        var source = words.Word();
        if (!IsReal(type, source))
        {
            return null;
        }

        var mount = new Mount(
            Unescape(source), Encoding.UTF8.GetString(number), Unescape(point), Encoding.UTF8.GetString(type),
            IsWritable: !options.StartsWith("ro"u8));
        return (mount, root.SequenceEqual("/"u8));
    }

    /// <summary>
    /// On a block device of this host, or of a type that manages its own devices. Not network and FUSE mounts, as asking one whose server is
    /// away would hang the agent; not images, which are always full.
    /// </summary>
    private static bool IsReal(ReadOnlySpan<byte> type, ReadOnlySpan<byte> source)
    {
        if (type.SequenceEqual("zfs"u8) || type.SequenceEqual("btrfs"u8))
        {
            return true;
        }

        return source.StartsWith("/dev/"u8) && !type.StartsWith("fuse"u8) && !type.SequenceEqual("squashfs"u8)
            && !type.SequenceEqual("iso9660"u8) && !type.SequenceEqual("erofs"u8) && !type.SequenceEqual("devtmpfs"u8);
    }

    private static string Unescape(ReadOnlySpan<byte> path)
    {
        if (path.IndexOf((byte)'\\') < 0)
        {
            return Encoding.UTF8.GetString(path);
        }

        var bytes = new byte[path.Length];
        var length = 0;
        for (var i = 0; i < path.Length; i++)
        {
            // \ooo: blank, tab, newline and the backslash itself.
            if (path[i] == '\\' && i + 3 < path.Length)
            {
                bytes[length++] = (byte)(((path[i + 1] - '0') << 6) | ((path[i + 2] - '0') << 3) | (path[i + 3] - '0'));
                i += 3;
            }
            else
            {
                bytes[length++] = path[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }
}
