using Gantry.Estate.Journeys;
using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys.Breaks;
using Gantry.Hub.Observations;
using Gantry.Hub.Ui;

namespace Gantry.Hub.Journeys.Hops;

/// <summary>Holds the hops that a journey has to reach against those that it was seen to reach.</summary>
internal static class DeclaredHops
{
    /// <summary>Marks what was met, and adds what was not.</summary>
    /// <returns>A break for each hop that nothing reached.</returns>
    public static IReadOnlyList<BreakRow> Add(HopDraft root, Journey journey, ServicesById services, DateTimeOffset now)
    {
        var breaks = new List<BreakRow>();
        foreach (var expected in journey.Hops)
        {
            var met = root.All.Where(hop => hop.End.Type == "service" && hop.IsCalled(expected.Service)).ToList();
            foreach (var hop in met)
            {
                hop.Origin = "both";
                hop.Optional = expected.Optional;
            }

            if (met.Count > 0)
            {
                continue;
            }

            var parent = root.All.FirstOrDefault(hop => hop.IsCalled(expected.From)) ?? root;
            var row = services.Called(expected.Service, journey.Entry).OrderBy(service => root.Row is { } at && service.Environment == at.Environment ? 0 : 1).FirstOrDefault();
            var end = row is null ? new HopEnd($"service:{expected.Service}", expected.Service, "service", null) : new HopEnd(row.Id, row.Name, "service", row.Id);
            var found = Break(parent, row, end, expected, now);
            // A hop that need not be reached is shown, and breaks nothing.
            parent.Children.Add(new HopDraft(parent, end, "") { Row = row, Origin = "declared", Optional = expected.Optional, Break = expected.Optional ? "" : found.Id });
            if (!expected.Optional)
            {
                breaks.Add(found);
            }
        }

        return breaks;
    }

    private static BreakRow Break(HopDraft parent, ServiceRow? row, HopEnd end, ExpectedHop expected, DateTimeOffset now)
    {
        var (cause, fix, command) = row switch
        {
            null => (
                $"No service of the name {expected.Service} is known: nothing sends telemetry as it, and no agent sees a process of that name.",
                "See that the name is right, that a Gantry agent runs on its host, and that its telemetry comes to this gateway.",
                Commands.About("gantry get services", expected.Service)),
            { Dark: true } => (
                $"{row.Name} runs and sends nothing, and no span of {parent.End.Name} names it.",
                row.Next?.Why ?? $"Instrument {row.Name}.",
                row.Next?.Command ?? ""),
            _ => (
                $"{row.Name} sends telemetry, but no request of this journey reaches it in its trace: no span of {parent.End.Name} calls it.",
                $"See that the client library by which {parent.End.Name} calls {row.Name} is instrumented (switches like OTEL_NODE_DISABLED_INSTRUMENTATIONS turn parts off), or declare another hop before it.",
                ""),
        };
        var since = parent.LastSeen ?? now;
        return new BreakRow(
            RowId.Of($"{parent.End.Name}-{expected.Service}", parent.End.Id, end.Id, "unseen"),
            BreakCodes.HopUnseen,
            parent.End,
            end,
            expected.Queue,
            $"{expected.Service} is not reached",
            cause,
            "Declared as a hop of this journey; no chosen trace had a span of it.",
            fix,
            row?.Processes is [var process, ..] ? process.Method : "",
            command,
            0,
            null,
            [],
            since,
            since);
    }
}
