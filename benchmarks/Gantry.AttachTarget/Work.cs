using System.Diagnostics;

namespace Gantry.AttachTarget;

/// <summary>Work of a known size. How much of it fits into a time is measured once: a loop that asks the clock would do less the slower the machine is.</summary>
internal static class Work
{
    private static readonly double RoundsPerSecond = Measure();

    public static string For(TimeSpan time)
    {
        var result = Spin((int)(RoundsPerSecond * time.TotalSeconds));
        return result == 0 ? "none" : "done";
    }

    private static double Measure()
    {
        const int Rounds = 2_000_000;
        Spin(Rounds);
        var best = double.MaxValue;
        for (var i = 0; i < 9; i++)
        {
            var start = Stopwatch.GetTimestamp();
            Spin(Rounds);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return Rounds / best;
    }

    private static ulong Spin(int rounds)
    {
        var state = 88172645463325252UL;
        for (var i = 0; i < rounds; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
        }

        return state;
    }
}
