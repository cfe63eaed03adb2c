using System.Diagnostics.CodeAnalysis;
using Gantry.Agent.Instrument;
using Gantry.Agent.Processes;
using Gantry.Protocol.Inventory;

namespace Gantry.Agent.Boot;

/// <summary>
/// Scans at each sample and says when the hub should hear of it: when something changed, and each minute anyway. On a host with so many
/// processes that scanning would take more than a 100th of one core, it scans more seldom. (By the wall clock, so that a busy host is
/// looked at less; the pause is bounded, because what listens should be known within half a minute.)
/// </summary>
/// <param name="director">Writes on each process how far its instrumentation has come; null: nothing is instrumented.</param>
internal sealed class InventoryWatch(ProcessScanner scanner, InventoryBuilder builder, TimeSpan interval, TimeProvider time, Director? director = null)
{
    private const double CostBound = 100;
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private TimeSpan _pause;
    private long _scanned;
    private long _published;
    private long _publishedVersion;
    private int _scans;

    /// <summary>As of the last scan.</summary>
    public IReadOnlyCollection<TrackedProcess> Processes => scanner.Processes;

    public bool TryTake([NotNullWhen(true)] out ProcessInventory? inventory)
    {
        inventory = null;
        var start = time.GetTimestamp();
        if (_pause > interval && time.GetElapsedTime(_scanned, start) < _pause)
        {
            return false;
        }

        scanner.Scan();
        _scanned = start;
        // The first scans read everything there is once, which says nothing of the next ones.
        if (_scans++ >= 3)
        {
            var pause = time.GetElapsedTime(start) * CostBound;
            _pause = pause > LongestPause ? LongestPause : pause;
        }

        var isDue = scanner.Version != _publishedVersion || time.GetElapsedTime(_published) >= Refresh;
        if (!isDue && director is not { IsBusy: true })
        {
            return false;
        }

        var built = builder.Build(scanner);
        if (director?.Direct(built.Processes) != true && !isDue)
        {
            return false;
        }

        _published = start;
        _publishedVersion = scanner.Version;
        director?.TellLimits(built);
        inventory = built;
        return true;
    }
}
