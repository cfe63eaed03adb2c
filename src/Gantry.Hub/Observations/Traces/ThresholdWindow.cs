namespace Gantry.Hub.Observations.Traces;

/// <summary>By the second, the highest threshold that anybody chose traces by. A trace below it may lack spans that came in that second.</summary>
internal sealed class ThresholdWindow
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(3);

    private readonly SortedDictionary<long, ulong> _seconds = [];

    public void Was(ulong threshold, DateTimeOffset from, DateTimeOffset to)
    {
        if (threshold == 0)
        {
            return;
        }

        var last = to.ToUnixTimeSeconds();
        for (var second = Math.Max(from.ToUnixTimeSeconds(), last - (long)Kept.TotalSeconds); second <= last; second++)
        {
            _seconds[second] = Math.Max(threshold, _seconds.GetValueOrDefault(second));
        }

        while (_seconds.Count > 0 && _seconds.First().Key < last - (long)Kept.TotalSeconds)
        {
            _seconds.Remove(_seconds.First().Key);
        }
    }

    /// <summary>0 where everything was chosen.</summary>
    public ulong Highest(DateTimeOffset from, DateTimeOffset to)
    {
        ulong highest = 0;
        for (var (second, last) = (from.ToUnixTimeSeconds(), to.ToUnixTimeSeconds()); second <= last && _seconds.Count > 0; second++)
        {
            highest = Math.Max(highest, _seconds.GetValueOrDefault(second));
        }

        return highest;
    }
}
