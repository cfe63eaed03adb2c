using Gantry.Benchmarks.Load;
using Gantry.Benchmarks.Servers;

namespace Gantry.Benchmarks.EndToEnd;

/// <summary>Processor seconds that each server needs for a span, measured in turns, A B C A B C, so that noise hits all; compared within each round.</summary>
/// <param name="Ours">Seconds a span; the median over the rounds.</param>
/// <param name="Ratio">Plain ÷ ours, the median over the rounds, and the range.</param>
/// <param name="OfFloor">Floor ÷ ours, the same.</param>
internal sealed record GatewayRounds(
    double Ours, double Plain, double Floor, (double Median, double Lowest, double Highest) Ratio, (double Median, double Lowest, double Highest) OfFloor)
{
    /// <summary>A round's slice is long enough for a background collection or two; this many connections keep two cores busy.</summary>
    public const int Connections = 8;

    public static async Task<GatewayRounds> MeasureAsync(IReadOnlyList<Side> sides, int rounds, TimeSpan slice)
    {
        foreach (var side in sides)
        {
            await side.WarmUpAsync(slice, most: 2 * rounds);
        }

        var times = new List<(double Ours, double Plain, double Floor)>();
        for (var i = 0; i < rounds; i++)
        {
            times.Add((await sides[0].SecondsPerSpanAsync(slice), await sides[1].SecondsPerSpanAsync(slice), await sides[2].SecondsPerSpanAsync(slice)));
        }

        return new GatewayRounds(
            Middle(times.Select(time => time.Ours)).Median,
            Middle(times.Select(time => time.Plain)).Median,
            Middle(times.Select(time => time.Floor)).Median,
            Middle(times.Select(time => time.Plain / time.Ours)),
            Middle(times.Select(time => time.Floor / time.Ours)));
    }

    private static (double Median, double Lowest, double Highest) Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[sorted.Length / 2], sorted[0], sorted[^1]);
    }

    /// <summary>A server and those who send to it.</summary>
    internal sealed record Side(ServerProcess Server, ClosedLoop Loop) : IDisposable
    {
        public void Dispose() => Loop.Dispose();

        /// <summary>Tiered compilation moves hot methods up in the background, in steps: until it has next to nothing left to do.</summary>
        public async Task WarmUpAsync(TimeSpan slice, int most)
        {
            const double Settled = 0.02;
            for (var i = 0; i < most; i++)
            {
                var (cpu, compiling) = (Server.CpuSeconds, Server.CompilingSeconds);
                await Loop.RunAsync(slice);
                if (i > 0 && Math.Max(0, Server.CompilingSeconds - compiling) < Settled * (Server.CpuSeconds - cpu))
                {
                    return;
                }
            }
        }

        public async Task<double> SecondsPerSpanAsync(TimeSpan slice)
        {
            var before = Server.CpuSeconds;
            var spans = await Loop.RunAsync(slice);
            return (Server.CpuSeconds - before) / spans;
        }
    }
}
