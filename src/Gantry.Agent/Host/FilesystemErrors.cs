using System.Text;

namespace Gantry.Agent.Host;

/// <summary>Files that together count the errors of one file system.</summary>
/// <param name="Files">Relative to /sys.</param>
/// <param name="HasNames">Each file holds lines "name number" (btrfs), not a number alone (ext4).</param>
internal sealed record ErrorSource(IReadOnlyList<byte[]> Files, bool HasNames);

/// <summary>
/// Errors that a file system keeps count of: ext4 in /sys/fs/ext4/{device}/errors_count (kept in the superblock, so it survives reboots),
/// btrfs in /sys/fs/btrfs/{uuid}/devinfo/{n}/error_stats. xfs, f2fs and zfs offer no such count in /sys.
/// </summary>
internal sealed class FilesystemErrors(ProcFiles sys)
{
    public ErrorSource? Find(Mount mount) => mount.Type switch
    {
        "ext4" or "ext3" or "ext2" => Ext4(mount),
        "btrfs" => Btrfs(mount),
        _ => null,
    };

    public bool TryRead(ErrorSource? source, out long count)
    {
        count = 0;
        var seen = false;
        foreach (var file in source?.Files ?? [])
        {
            if (source!.HasNames)
            {
                seen |= TrySum(file, ref count);
            }
            else if (sys.TryReadNumber(file, out var number))
            {
                count += number;
                seen = true;
            }
        }

        return seen;
    }

    private ErrorSource? Ext4(Mount mount)
    {
        var file = Encoding.UTF8.GetBytes($"fs/ext4/{KernelName(mount)}/errors_count");
        return sys.Exists(file) ? new ErrorSource([file], HasNames: false) : null;
    }

    private ErrorSource? Btrfs(Mount mount)
    {
        var name = mount.Device.Split('/')[^1];
        foreach (var uuid in sys.Names("fs/btrfs"))
        {
            if (sys.Exists(Encoding.UTF8.GetBytes($"fs/btrfs/{uuid}/devices/{name}")))
            {
                var files = sys.Names($"fs/btrfs/{uuid}/devinfo")
                    .Select(device => Encoding.UTF8.GetBytes($"fs/btrfs/{uuid}/devinfo/{device}/error_stats"));
                return new ErrorSource([.. files], HasNames: true);
            }
        }

        return null;
    }

    /// <summary>"/dev/mapper/root" is "dm-0" to the kernel: /sys/dev/block/{number} is a link whose last part is that name.</summary>
    private string KernelName(Mount mount)
    {
        Span<byte> target = stackalloc byte[512];
        var link = Encoding.UTF8.GetBytes($"dev/block/{mount.DeviceNumber}");
        var path = sys.TryReadLink(link, target, out var length) == FileOutcome.Ok
            ? Encoding.UTF8.GetString(target[..length])
            : mount.Device;
        return path.Split('/')[^1];
    }

    private bool TrySum(byte[] file, ref long count)
    {
        if (sys.TryRead(file, out var text, 4096) != FileOutcome.Ok)
        {
            return false;
        }

        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            var words = new TextCursor(line);
            words.Word();
            count += (long)words.Number();
        }

        return true;
    }
}
