using System.Collections.Concurrent;

namespace Gantry.Gateway.Forward.Transport;

/// <summary>Cancellation sources with a limit of time, used again where their limit was not reached: the way of all requests but a few.</summary>
internal sealed class StopSources(TimeSpan limit, TimeProvider time)
{
    private const int Kept = 32;

    private readonly ConcurrentBag<CancellationTokenSource> _free = [];

    public CancellationTokenSource Rent()
    {
        // A clock of one's own does not reset; such a source is made anew.
        if (time != TimeProvider.System)
        {
            return new CancellationTokenSource(limit, time);
        }

        if (!_free.TryTake(out var source))
        {
            source = new CancellationTokenSource();
        }

        source.CancelAfter(limit);
        return source;
    }

    public void Return(CancellationTokenSource source)
    {
        if (time == TimeProvider.System && _free.Count < Kept && source.TryReset())
        {
            _free.Add(source);
        }
        else
        {
            source.Dispose();
        }
    }
}
