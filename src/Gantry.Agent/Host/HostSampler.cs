using Gantry.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Host;

/// <summary>Every reader of the host, one after the other, into one batch: utilisation, saturation and errors of each resource.</summary>
internal sealed class HostSampler
{
    private readonly IHostReader[] _readers;
    private readonly bool[] _failed;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    public HostSampler(ProcFiles proc, ProcFiles sys, TimeProvider time, ILogger logger)
    {
        _time = time;
        _logger = logger;
        _readers =
        [
            new CpuReader(proc), new ThrottleReader(sys), new MemoryReader(proc), new PagingReader(proc), new MemoryErrorReader(sys),
            new DiskReader(proc, sys), new FilesystemReader(proc, new FilesystemErrors(sys), FilesystemReader.SpaceOf),
            new NetworkReader(proc, sys), new ConnectionReader(proc), new PressureReader(proc), new UptimeReader(proc),
        ];
        _failed = new bool[_readers.Length];
    }

    public void Sample(MetricBatch batch)
    {
        batch.Restart(_time.GetUtcNow().ToUnixNano());
        for (var i = 0; i < _readers.Length; i++)
        {
            try
            {
                _readers[i].Read(batch);
            }
            catch (Exception error)
            {
                // A kernel that writes something new costs its one reader, not the sample; said once, not each interval.
                if (!_failed[i])
                {
                    _failed[i] = true;
                    Log.ReaderFailed(_logger, _readers[i].GetType().Name, error);
                }
            }
        }
    }
}
