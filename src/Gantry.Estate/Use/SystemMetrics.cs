namespace Gantry.Estate.Use;

/// <summary>
/// Names of host metrics. The first group is OpenTelemetry's (semantic conventions, model/system/metrics.yaml). The second is ours: Linux
/// facts that the conventions have no name for yet, formed as theirs are (<c>system.{area}.linux.{fact}</c>). See docs/adr/0005.
/// </summary>
public static class SystemMetrics
{
    public const string CpuTime = "system.cpu.time";
    public const string CpuUtilization = "system.cpu.utilization";
    public const string CpuLogicalCount = "system.cpu.logical.count";
    public const string MemoryUsage = "system.memory.usage";
    public const string MemoryUtilization = "system.memory.utilization";
    public const string MemoryLimit = "system.memory.limit";
    public const string MemoryAvailable = "system.memory.linux.available";
    public const string PagingUsage = "system.paging.usage";
    public const string PagingFaults = "system.paging.faults";
    public const string PagingOperations = "system.paging.operations";
    public const string DiskIo = "system.disk.io";
    public const string DiskOperations = "system.disk.operations";
    public const string DiskIoTime = "system.disk.io_time";
    public const string DiskOperationTime = "system.disk.operation_time";
    public const string FilesystemUsage = "system.filesystem.usage";
    public const string FilesystemUtilization = "system.filesystem.utilization";
    public const string FilesystemLimit = "system.filesystem.limit";
    public const string NetworkIo = "system.network.io";
    public const string NetworkPackets = "system.network.packet.count";
    public const string NetworkDropped = "system.network.packet.dropped";
    public const string NetworkErrors = "system.network.errors";
    public const string NetworkConnections = "system.network.connection.count";
    public const string ProcessCount = "system.process.count";
    public const string ProcessCreated = "system.process.created";
    public const string Uptime = "system.uptime";

    /// <summary>Counter, s; pressure.stall = some|full. Time in which some (all) tasks waited for a CPU: /proc/pressure/cpu.</summary>
    public const string CpuPressure = "system.cpu.linux.pressure.stall_time";

    /// <summary>Counter, {event}. Thermal throttling of cores.</summary>
    public const string CpuThrottles = "system.cpu.linux.throttle.count";

    /// <summary>Counter, s; pressure.stall = some|full: /proc/pressure/memory.</summary>
    public const string MemoryPressure = "system.memory.linux.pressure.stall_time";

    /// <summary>Counter, {event}. Processes that the kernel killed for want of memory.</summary>
    public const string MemoryOomKills = "system.memory.linux.oom_kill.count";

    /// <summary>Counter, {error}; error.type = corrected|uncorrected: EDAC.</summary>
    public const string MemoryErrors = "system.memory.linux.errors";

    /// <summary>Counter, s; pressure.stall = some|full: /proc/pressure/io.</summary>
    public const string DiskPressure = "system.disk.linux.pressure.stall_time";

    /// <summary>Counter, {error}; system.device. I/O errors of the device, where its driver counts them.</summary>
    public const string DiskErrors = "system.disk.linux.errors";

    /// <summary>Counter, {error}; system.device. Errors that the file system recorded.</summary>
    public const string FilesystemErrors = "system.filesystem.linux.errors";

    public const string Direction = "disk.io.direction";
    public const string NetworkDirection = "network.io.direction";
    public const string Interface = "network.interface.name";
    public const string Device = "system.device";
    public const string Mountpoint = "system.filesystem.mountpoint";
    public const string FilesystemState = "system.filesystem.state";
    public const string FilesystemType = "system.filesystem.type";
    public const string FilesystemMode = "system.filesystem.mode";
    public const string CpuMode = "cpu.mode";
    public const string CpuNumber = "cpu.logical_number";
    public const string MemoryState = "system.memory.state";
    public const string PagingState = "system.paging.state";
    public const string PagingDirection = "system.paging.direction";
    public const string FaultType = "system.paging.fault.type";
    public const string ProcessState = "process.state";
    public const string Stall = "pressure.stall";
}
