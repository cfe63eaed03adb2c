namespace Gantry.Benchmarks.Coverage;

/// <summary>
/// Broken links and completeness as the hub shows them, held against brute force over all traces: recorded ones, and an estate of 2,000 services once at a load at which every trace is
/// chosen, and once at one at which few are. Fails where a link or a share is wrong; what pages and memory cost is shown.
/// </summary>
internal static class CoverageBenchmark
{
    private const int Services = 2000;
    private const int DefaultSeconds = 60;

    // The hub holds 100,000 spans for a minute: below this, every trace is chosen.
    private const double Calm = 1500;
    private const double Busy = 15_000;

    private sealed record Report(int BrokenLinkErrors, double CompletenessError, int OutsideInterval, int Journeys, long HubBytesPerService, double SnapshotMs, double PageRenderMs, IReadOnlyList<CoverageResult> Rounds);

    public static async Task<int> RunAsync(Arguments arguments)
    {
        var seconds = arguments.Seconds ?? DefaultSeconds;
        var rounds = new List<CoverageResult>();
        if (ReplayedBoutique.Load() is { } recorded)
        {
            rounds.Add(await CoverageRound.RunAsync(recorded, Calm, arguments.Words));
        }
        else
        {
            arguments.Words.WriteLine("no recorded traces: set GANTRY_TRACES to their folder");
        }

        foreach (var rate in new[] { Calm, Busy }.Take(Math.Max(0, (arguments.Rounds ?? 3) - rounds.Count)))
        {
            rounds.Add(await CoverageRound.RunAsync(GeneratedEstate.Make(Services, (int)(rate * seconds / SpansARequest)), rate, arguments.Words));
        }

        foreach (var round in rounds)
        {
            arguments.Words.WriteLine($"{round}");
        }

        arguments.Report(new Report(
            rounds.Sum(round => round.BrokenLinkErrors), rounds.Max(round => round.CompletenessError), rounds.Sum(round => round.OutsideInterval), rounds.Sum(round => round.Journeys),
            rounds[^1].HubBytesPerService, rounds[^1].SnapshotMs, rounds.Max(round => round.PageRenderMs), rounds));
        return rounds.Sum(round => round.BrokenLinkErrors) == 0 && rounds.Max(round => round.CompletenessError) < 1e-9 && rounds.All(round => round.Journeys > 0) ? 0 : 1;
    }

    // Of the generated estate, on average.
    private const double SpansARequest = 25;
}
