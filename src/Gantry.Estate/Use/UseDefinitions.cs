namespace Gantry.Estate.Use;

/// <summary>One number of the house: the same name, unit and computation on every page, in the CLI and in the docs.</summary>
/// <param name="Id">Stable, for JSON, links and dashboards.</param>
/// <param name="Unit">UCUM: "1" is a ratio, "By/s" bytes a second.</param>
/// <param name="Query">PromQL over the same OpenTelemetry metrics, to copy into the user's own backend; "" where no metric that is passed on says it.</param>
public sealed record MetricDefinition(string Id, string Title, string Unit, string HowComputed, string Query);

/// <summary>What each figure of a <see cref="UsePoint"/> means.</summary>
public static class UseDefinitions
{
    public static MetricDefinition CpuUtilization { get; } = new(
        "use.cpu.utilization", "CPU utilisation", "1",
        "1 − share of idle and iowait in system.cpu.utilization (or in the increase of system.cpu.time).",
        "1 - sum by (host_name) (system_cpu_utilization_ratio{cpu_mode=~\"idle|iowait\"})");

    public static MetricDefinition CpuSaturation { get; } = new(
        "use.cpu.saturation", "CPU saturation", "1",
        "Share of time in which at least one task waited for a CPU (pressure stall, some); without it, runnable tasks (or the load average) above the number of CPUs, per CPU.",
        "rate(system_cpu_linux_pressure_stall_time_seconds_total{pressure_stall=\"some\"}[1m])");

    public static MetricDefinition CpuErrors { get; } = new(
        "use.cpu.errors", "CPU throttling", "{event}/s",
        "Increase of thermal throttling events, all cores; not every machine counts them.",
        "sum by (host_name) (rate(system_cpu_linux_throttle_count_total[5m]))");

    public static MetricDefinition MemoryUtilization { get; } = new(
        "use.memory.utilization", "Memory utilisation", "1",
        "system.memory.utilization, state used; without it, used of system.memory.usage over system.memory.limit (or over all states).",
        "system_memory_utilization_ratio{system_memory_state=\"used\"}");

    public static MetricDefinition MemorySaturation { get; } = new(
        "use.memory.saturation", "Memory saturation", "1",
        "Share of time in which at least one task waited for memory (pressure stall, some); without it, major page faults a second.",
        "rate(system_memory_linux_pressure_stall_time_seconds_total{pressure_stall=\"some\"}[1m])");

    public static MetricDefinition MemoryErrors { get; } = new(
        "use.memory.errors", "Out-of-memory kills", "{event}/s",
        "Processes killed for want of memory, and memory errors reported by the hardware.",
        "rate(system_memory_linux_oom_kill_count_total[5m])");

    public static MetricDefinition DiskBytes { get; } = new(
        "use.disk.bytes", "Disk throughput", "By/s",
        "Increase of system.disk.io, read and write, all devices.",
        "sum by (host_name) (rate(system_disk_io_bytes_total[1m]))");

    public static MetricDefinition DiskUtilization { get; } = new(
        "use.disk.utilization", "Disk busy", "1",
        "Increase of system.disk.io_time over elapsed time, of the busiest device.",
        "max by (host_name) (rate(system_disk_io_time_seconds_total[1m]))");

    public static MetricDefinition DiskSaturation { get; } = new(
        "use.disk.saturation", "I/O saturation", "1",
        "Share of time in which at least one task waited for I/O (pressure stall, some).",
        "rate(system_disk_linux_pressure_stall_time_seconds_total{pressure_stall=\"some\"}[1m])");

    public static MetricDefinition DiskErrors { get; } = new(
        "use.disk.errors", "Disk and file system errors", "{error}/s",
        "Increase of device I/O errors and of errors recorded by file systems.",
        "sum by (host_name) (rate(system_disk_linux_errors_total[5m]) or rate(system_filesystem_linux_errors_total[5m]))");

    public static MetricDefinition FilesystemUtilization { get; } = new(
        "use.filesystem.utilization", "File system used", "1",
        "system.filesystem.utilization, state used, of the fullest file system.",
        "max by (host_name) (system_filesystem_utilization_ratio{system_filesystem_state=\"used\"})");

    public static MetricDefinition NetworkBytesIn { get; } = new(
        "use.network.in", "Network in", "By/s",
        "Increase of system.network.io, receive, all interfaces but loopback.",
        "sum by (host_name) (rate(system_network_io_bytes_total{network_io_direction=\"receive\"}[1m]))");

    public static MetricDefinition NetworkBytesOut { get; } = new(
        "use.network.out", "Network out", "By/s",
        "Increase of system.network.io, transmit, all interfaces but loopback.",
        "sum by (host_name) (rate(system_network_io_bytes_total{network_io_direction=\"transmit\"}[1m]))");

    public static MetricDefinition NetworkErrors { get; } = new(
        "use.network.errors", "Network errors and drops", "{error}/s",
        "Increase of system.network.errors and system.network.packet.dropped, all interfaces but loopback.",
        "sum by (host_name) (rate(system_network_errors_total[5m]))");

    public static MetricDefinition NetworkDropped { get; } = new(
        "use.network.dropped", "Network drops", "{packet}/s",
        "Increase of system.network.packet.dropped, all interfaces but loopback: packets that found a queue full.",
        "sum by (host_name) (rate(system_network_packet_dropped_total[5m]))");
}
