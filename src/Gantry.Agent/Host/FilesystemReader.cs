using Gantry.Estate.Use;

namespace Gantry.Agent.Host;

/// <summary>Room on each mounted device, and the errors that the file system wrote down about itself.</summary>
internal sealed class FilesystemReader(ProcFiles proc, FilesystemErrors errors, Func<string, Space?> spaceOf) : IHostReader
{
    private static readonly Metric Usage = new(SystemMetrics.FilesystemUsage, "By", MetricKind.UpDownCounter, "Bytes in each state.");
    private static readonly Metric Utilization = new(SystemMetrics.FilesystemUtilization, "1", MetricKind.Gauge, "Share of bytes in each state.");
    private static readonly Metric Limit = new(SystemMetrics.FilesystemLimit, "By", MetricKind.UpDownCounter, "Size of the file system.");
    private static readonly Metric Errors =
        new(SystemMetrics.FilesystemErrors, "{error}", MetricKind.Counter, "Errors that the file system recorded; 0 is evidence of none.");

    private static readonly Tag Used = new(SystemMetrics.FilesystemState, "used");
    private static readonly Tag Free = new(SystemMetrics.FilesystemState, "free");
    private static readonly Tag Reserved = new(SystemMetrics.FilesystemState, "reserved");

    private byte[] _table = [];
    private List<Tagged> _mounts = [];

    public void Read(MetricBatch batch)
    {
        Refresh();
        foreach (var mount in _mounts)
        {
            if (spaceOf(mount.Path) is { Total: > 0 } space)
            {
                Add(batch, mount, space);
            }

            if (errors.TryRead(mount.ErrorSource, out var count))
            {
                batch.Add(Errors, count, mount.Device, mount.Type);
            }
        }
    }

    /// <summary>Asks the kernel through the mount point; null when it refuses.</summary>
    public static Space? SpaceOf(string mountpoint)
    {
        try
        {
            var drive = new DriveInfo(mountpoint);
            return new Space((ulong)drive.TotalSize, (ulong)drive.TotalFreeSpace, (ulong)drive.AvailableFreeSpace);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The table of a container host has hundreds of lines and seldom changes: compare before parsing.</summary>
    private void Refresh()
    {
        if (proc.TryRead("self/mountinfo"u8, out var text) == FileOutcome.Ok && !text.SequenceEqual(_table))
        {
            _table = text.ToArray();
            _mounts = MountTable.Parse(_table).ConvertAll(mount => new Tagged(
                mount.Mountpoint,
                new Tag(SystemMetrics.Device, mount.Device),
                new Tag(SystemMetrics.Mountpoint, mount.Mountpoint),
                new Tag(SystemMetrics.FilesystemType, mount.Type),
                new Tag(SystemMetrics.FilesystemMode, mount.IsWritable ? "rw" : "ro"),
                errors.Find(mount)));
        }
    }

    private static void Add(MetricBatch batch, Tagged mount, Space space)
    {
        // Free is what users may take; reserved is what only root may: together with used they are the whole.
        var used = space.Total - Math.Min(space.Total, space.Free);
        var available = Math.Min(space.Available, space.Free);
        AddState(batch, mount, used, space.Total, Used);
        AddState(batch, mount, available, space.Total, Free);
        AddState(batch, mount, space.Free - available, space.Total, Reserved);
        batch.Add(Limit, space.Total, mount.Device, mount.Mountpoint, mount.Type, mount.Mode);
    }

    private static void AddState(MetricBatch batch, Tagged mount, ulong bytes, ulong total, Tag state)
    {
        batch.Add(Usage, bytes, mount.Device, mount.Mountpoint, mount.Type, mount.Mode, state);
        batch.Add(Utilization, bytes / (double)total, mount.Device, mount.Mountpoint, mount.Type, mount.Mode, state);
    }

    private sealed record Tagged(string Path, Tag Device, Tag Mountpoint, Tag Type, Tag Mode, ErrorSource? ErrorSource);
}

/// <summary>Bytes: all, not in use, and not in use that an ordinary user may take.</summary>
internal readonly record struct Space(ulong Total, ulong Free, ulong Available);
