namespace Gantry.Agent.Boot;

/// <summary>When to sample: at once, 2 s later (a share of CPU time needs two samples, and somebody is waiting to see one), then each interval.</summary>
internal sealed class Schedule(TimeSpan interval, TimeProvider time)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(2);

    private readonly long _start = time.GetTimestamp();
    private TimeSpan _next = TimeSpan.Zero;

    /// <summary>True once for each sample. Intervals that passed unnoticed (the host slept) are not made up for.</summary>
    public bool IsDue()
    {
        // A beat comes a little early or late; half of one is near enough, and keeps samples from slipping by a whole one.
        var now = time.GetElapsedTime(_start) + TimeSpan.FromMilliseconds(500);
        if (now < _next)
        {
            return false;
        }

        if (_next == TimeSpan.Zero && Second < interval)
        {
            _next = Second;
        }
        else
        {
            _next = interval * (Math.Floor(now / interval) + 1);
        }

        return true;
    }
}
