namespace Gantry.Estate.Use;

/// <summary>
/// USE of one host over one interval: what its page draws. Null: not measured in that interval. Ratios are 0 to 1, rates are per second.
/// How each is computed from <c>system.*</c> metrics stands in <see cref="UseDefinitions"/>.
/// </summary>
public sealed record UsePoint(DateTimeOffset At)
{
    public double? CpuUtilization { get; init; }

    public double? CpuSaturation { get; init; }

    public double? CpuErrors { get; init; }

    public double? MemoryUtilization { get; init; }

    public double? MemorySaturation { get; init; }

    public double? MemoryErrors { get; init; }

    public double? DiskBytes { get; init; }

    public double? DiskOperations { get; init; }

    /// <summary>Busiest device's share of time with I/O in flight.</summary>
    public double? DiskUtilization { get; init; }

    public double? DiskSaturation { get; init; }

    public double? DiskErrors { get; init; }

    /// <summary>Fullest file system's used share.</summary>
    public double? FilesystemUtilization { get; init; }

    public double? NetworkBytesIn { get; init; }

    public double? NetworkBytesOut { get; init; }

    public double? NetworkErrors { get; init; }

    public double? NetworkDropped { get; init; }
}
