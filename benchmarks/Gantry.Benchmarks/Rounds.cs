using System.Diagnostics;

namespace Gantry.Benchmarks;

/// <summary>
/// Times two sides of a comparison on a machine that others use too: A B A B, so that noise hits both, and the median of the rounds' ratios.
/// Time is the processor's, not the wall's: waiting for a core that somebody else has is not counted.
/// </summary>
internal static class Rounds
{
    /// <param name="ASeconds">Processor seconds that one run of the first side takes, the median over the rounds.</param>
    /// <param name="Ratio">How many times faster the second side is, the median over the rounds.</param>
    public sealed record Result(double ASeconds, double BSeconds, double Ratio, double LowestRatio, double HighestRatio);

    /// <param name="rounds">Odd, so that there is a middle.</param>
    public static Result Compare(Action a, Action b, int rounds)
    {
        // Tiered compilation moves hot methods up in the background, in steps: both sides run until it is done with them.
        WarmUp(a);
        WarmUp(b);
        WarmUp(a);
        WarmUp(b);
        var times = new List<(double A, double B)>();
        for (var i = 0; i < rounds; i++)
        {
            times.Add((Time(a), Time(b)));
        }

        return new Result(
            Median(times.Select(time => time.A)),
            Median(times.Select(time => time.B)),
            Median(times.Select(time => time.A / time.B)),
            times.Min(time => time.A / time.B),
            times.Max(time => time.A / time.B));
    }

    /// <summary>Processor seconds that one run takes, the median over the rounds, for what is compared with nothing.</summary>
    public static double Measure(Action side, int rounds)
    {
        WarmUp(side);
        return Median(Enumerable.Range(0, rounds).Select(_ => Time(side)).ToArray());
    }

    private static void WarmUp(Action side)
    {
        for (var clock = Stopwatch.StartNew(); clock.ElapsedMilliseconds < 2500;)
        {
            side();
        }
    }

    /// <summary>Seconds per run, over at least 80 ms.</summary>
    private static double Time(Action side)
    {
        var runs = 0;
        var start = Environment.CpuUsage.TotalTime;
        TimeSpan used;
        do
        {
            side();
            runs++;
            used = Environment.CpuUsage.TotalTime - start;
        }
        while (used.TotalMilliseconds < 80);

        return used.TotalSeconds / runs;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
