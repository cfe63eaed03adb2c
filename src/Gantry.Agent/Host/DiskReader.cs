using System.Text;
using Gantry.Estate.Use;

namespace Gantry.Agent.Host;

/// <summary>
/// /proc/diskstats, a line a device: major, minor, name, then reads completed, reads merged, sectors read, ms reading, writes completed,
/// writes merged, sectors written, ms writing, I/O in progress, ms doing I/O … (Documentation/admin-guide/iostats.rst). A sector
/// is 512 bytes here whatever the disk's is.
/// </summary>
internal sealed class DiskReader(ProcFiles proc, ProcFiles sys) : IHostReader
{
    private const int SectorBytes = 512;

    private static readonly Metric Io = new(SystemMetrics.DiskIo, "By", MetricKind.Counter, "Bytes read and written.");
    private static readonly Metric Operations = new(SystemMetrics.DiskOperations, "{operation}", MetricKind.Counter, "Operations completed.");
    private static readonly Metric IoTime = new(SystemMetrics.DiskIoTime, "s", MetricKind.Counter, "Time in which the device was busy.");
    private static readonly Metric OperationTime =
        new(SystemMetrics.DiskOperationTime, "s", MetricKind.Counter, "Sum of the time that each operation took, waiting included.");
    private static readonly Metric Errors = new(SystemMetrics.DiskErrors, "{error}", MetricKind.Counter, "I/O errors that the driver counted.");

    private static readonly Tag Reading = new(SystemMetrics.Direction, "read");
    private static readonly Tag Writing = new(SystemMetrics.Direction, "write");

    private readonly NameCache _names = new();
    private readonly Dictionary<string, Device> _devices = [];

    public void Read(MetricBatch batch)
    {
        if (proc.TryRead("diskstats"u8, out var text) != FileOutcome.Ok)
        {
            return;
        }

        var cursor = new TextCursor(text);
        while (cursor.NextLine(out var line))
        {
            var words = new TextCursor(line);
            words.Skip(2);
            var name = words.Word();
            if (!name.IsEmpty && !IsNoDisk(name))
            {
                AddDisk(_names.Get(name), ref words, batch);
            }
        }

        foreach (var (name, device) in _devices)
        {
            if (device.ErrorFile is { } file && sys.TryReadNumber(file, out var errors))
            {
                batch.Add(Errors, errors, new Tag(SystemMetrics.Device, name));
            }
        }
    }

    /// <summary>Memory that looks like a disk, files that look like one (what they do shows on the disk below), and drives for media.</summary>
    private static bool IsNoDisk(ReadOnlySpan<byte> name) =>
        name.StartsWith("loop"u8) || name.StartsWith("ram"u8) || name.StartsWith("zram"u8) || name.StartsWith("sr"u8) || name.StartsWith("fd"u8);

    private void AddDisk(string name, ref TextCursor words, MetricBatch batch)
    {
        if (Find(name).IsPartition)
        {
            return;
        }

        var device = new Tag(SystemMetrics.Device, name);
        AddDirection(ref words, batch, device, Reading);
        AddDirection(ref words, batch, device, Writing);
        words.Skip(1);
        batch.Add(IoTime, words.Number() / 1000.0, device);
    }

    private static void AddDirection(ref TextCursor words, MetricBatch batch, Tag device, Tag direction)
    {
        batch.Add(Operations, words.Number(), device, direction);
        words.Skip(1);
        batch.Add(Io, words.Number() * SectorBytes, device, direction);
        batch.Add(OperationTime, words.Number() / 1000.0, device, direction);
    }

    private Device Find(string name)
    {
        if (!_devices.TryGetValue(name, out var device))
        {
            // A host that attaches ever new volumes must not make this grow.
            if (_devices.Count > 1024)
            {
                _devices.Clear();
            }

            var errors = Encoding.UTF8.GetBytes($"class/block/{name}/device/ioerr_cnt");
            device = new Device(
                IsPartition: sys.Exists(Encoding.UTF8.GetBytes($"class/block/{name}/partition")),
                ErrorFile: sys.Exists(errors) ? errors : null);
            _devices.Add(name, device);
        }

        return device;
    }

    private sealed record Device(bool IsPartition, byte[]? ErrorFile);
}
