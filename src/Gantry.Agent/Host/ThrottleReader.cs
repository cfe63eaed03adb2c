using System.Text;
using Gantry.Estate.Use;

namespace Gantry.Agent.Host;

/// <summary>Errors of the CPU: how often a core slowed down for heat. Only hardware tells; a virtual machine has no such files.</summary>
internal sealed class ThrottleReader : IHostReader
{
    private static readonly Metric Throttles =
        new(SystemMetrics.CpuThrottles, "{event}", MetricKind.Counter, "Thermal throttling of cores since boot.");

    private readonly ProcFiles _sys;
    private readonly List<byte[]> _files = [];

    public ThrottleReader(ProcFiles sys)
    {
        _sys = sys;
        foreach (var name in sys.Names("devices/system/cpu"))
        {
            var file = Encoding.UTF8.GetBytes($"devices/system/cpu/{name}/thermal_throttle/core_throttle_count");
            if (name.StartsWith("cpu", StringComparison.Ordinal) && sys.Exists(file))
            {
                _files.Add(file);
            }
        }
    }

    public void Read(MetricBatch batch)
    {
        if (_files.Count == 0)
        {
            return;
        }

        long sum = 0;
        foreach (var file in _files)
        {
            sum += _sys.TryReadNumber(file, out var count) ? count : 0;
        }

        batch.Add(Throttles, sum);
    }
}
