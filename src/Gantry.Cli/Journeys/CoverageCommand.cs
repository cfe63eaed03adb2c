using System.CommandLine;
using Gantry.Cli.Api;
using Gantry.Cli.Get;
using Gantry.Cli.Terminals;
using Gantry.Cli.Verbs;
using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys;

namespace Gantry.Cli.Journeys;

/// <summary><c>gantry coverage</c>: how far the estate is, by rung, owner and journey, and what is next.</summary>
internal static class CoverageCommand
{
    private const int BarWidth = 30;

    public static Command Create(CliContext context)
    {
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("coverage", "How far the estate is: services by rung, by owner, by journey, and the next three steps", context)
        {
            Details = "COVERED is the share of services on rung 2 (rate, errors and duration) or above, JOINED on rung 3 (traces) or above.",
            Examples = [new Example("gantry coverage", "as text, with a small chart"), new Example("gantry coverage -o json", "as the API has it")],
        };
        verb.Add(format);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var coverage = await client.GetJsonAsync("coverage", cancellation);
            return OutputFormats.Write<CoverageSummary>(context, coverage, parsed.GetRequiredValue(format), read => Write(context, read));
        });
    }

    private static void Write(CliContext context, CoverageSummary coverage)
    {
        var output = context.Terminal.Out;
        var total = coverage.Services.Sum();
        if (total == 0)
        {
            context.Terminal.Note("No services yet. A service appears when it sends telemetry to the gateway, or (dark) when an agent finds a process that listens; `gantry demo` starts four.");
        }

        var most = Math.Max(1, coverage.Services.Max());
        for (var rung = 4; rung >= 0; rung--)
        {
            var count = coverage.Services[rung];
            var bar = new string('#', count == 0 ? 0 : Math.Max(1, count * BarWidth / most));
            output.WriteLine($"{Words.RungOf(rung, stale: false),-16}  {bar.PadRight(BarWidth)}  {count,5}{(total > 0 ? $"  {100d * count / total,3:0}%" : "")}");
        }

        output.WriteLine($"{total} services{(coverage.Stale > 0 ? $", {coverage.Stale} of them stale" : "")}; {coverage.Hosts.Skip(1).Sum()} of {coverage.Hosts.Sum()} hosts measured.");
        // One owner of everything, or none at all, is no table.
        if (coverage.Owners.Any(row => row.Owner.Length > 0))
        {
            output.WriteLine();
            Table.Write(output, OwnerColumns, coverage.Owners);
        }

        if (coverage.Journeys.Count > 0)
        {
            output.WriteLine();
            Table.Write(output, JourneyColumnsShort, coverage.Journeys);
        }

        if (coverage.Next.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("Next:");
            foreach (var step in coverage.Next)
            {
                NextCommand.Write(context, step, journey: null);
            }
        }
    }

    private static IReadOnlyList<Column<OwnerCoverage>> OwnerColumns { get; } =
    [
        new("OWNER", row => row.Owner.Length > 0 ? row.Owner : "(nobody)"),
        new("SERVICES", row => $"{row.Services.Sum()}", Right: true),
        new("COVERED", row => Share(row.Services, 2), Right: true),
        new("JOINED", row => Share(row.Services, 3), Right: true),
        new("DARK", row => $"{row.Services[0]}", Right: true),
        new("STALE", row => $"{row.Stale}", Right: true),
    ];

    private static IReadOnlyList<Column<JourneyCoverage>> JourneyColumnsShort { get; } =
    [
        new("JOURNEY", row => row.Name),
        new("STATE", row => row.State == "dark" ? "never seen" : row.State),
        new("COMPLETE", row => row.Complete is { } share ? JourneyText.Interval(share) : "", Right: true),
        new("BREAKS", row => $"{row.Breaks}", Right: true),
        new("RUNG", row => Words.RungOf(row.Reached, stale: false)),
        new("OWNER", row => row.Owner),
    ];

    private static string Share(IReadOnlyList<int> rungs, int from) => Words.Percent(rungs.Sum() == 0 ? null : Math.Round((double)rungs.Skip(from).Sum() / rungs.Sum(), 2));
}
