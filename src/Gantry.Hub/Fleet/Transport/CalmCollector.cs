namespace Gantry.Hub.Fleet.Transport;

/// <summary>
/// Gives back what a storm left. When all agents connect or apply a change, their messages live just long enough to grow old, and with the calm that follows
/// nothing makes the runtime collect them: of 15,000 agents a fifth of the process was such garbage, for hours. One collection after each storm, in the
/// background, once it is calm.
/// </summary>
internal sealed class CalmCollector
{
    /// <summary>Collections of the youngest in a storm; a hub at rest has one in some minutes.</summary>
    private const int Storm = 20;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(10);

    private int _collected = GC.CollectionCount(0);
    private int _seen;
    private TimeSpan _seenAt;

    /// <summary>One look of the sweep.</summary>
    /// <param name="now">Of a clock that only goes on.</param>
    public void Look(TimeSpan now)
    {
        var young = GC.CollectionCount(0);
        if (young != _seen)
        {
            (_seen, _seenAt) = (young, now);
        }
        else if (young - _collected >= Storm && now - _seenAt > Calm)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
            _collected = GC.CollectionCount(0);
        }
    }
}
