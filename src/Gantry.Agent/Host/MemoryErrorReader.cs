using System.Text;
using Gantry.Estate.Use;

namespace Gantry.Agent.Host;

/// <summary>Errors of the memory modules, where the kernel has an EDAC driver for the board: /sys/devices/system/edac/mc/mc*/{ce,ue}_count.</summary>
internal sealed class MemoryErrorReader : IHostReader
{
    private static readonly Metric Errors = new(SystemMetrics.MemoryErrors, "{error}", MetricKind.Counter, "Errors that the memory modules reported.");
    private static readonly Tag Corrected = new("error.type", "corrected");
    private static readonly Tag Uncorrected = new("error.type", "uncorrected");

    private readonly ProcFiles _sys;
    private readonly List<byte[]> _corrected = [];
    private readonly List<byte[]> _uncorrected = [];

    public MemoryErrorReader(ProcFiles sys)
    {
        _sys = sys;
        const string Folder = "devices/system/edac/mc";
        foreach (var name in sys.Names(Folder).Where(name => name.StartsWith("mc", StringComparison.Ordinal)))
        {
            _corrected.Add(Encoding.UTF8.GetBytes($"{Folder}/{name}/ce_count"));
            _uncorrected.Add(Encoding.UTF8.GetBytes($"{Folder}/{name}/ue_count"));
        }
    }

    public void Read(MetricBatch batch)
    {
        if (_corrected.Count > 0)
        {
            batch.Add(Errors, Sum(_corrected), Corrected);
            batch.Add(Errors, Sum(_uncorrected), Uncorrected);
        }
    }

    private long Sum(List<byte[]> files)
    {
        long sum = 0;
        foreach (var file in files)
        {
            sum += _sys.TryReadNumber(file, out var count) ? count : 0;
        }

        return sum;
    }
}
