using Gantry.Hub.Coverage;
using Gantry.Hub.Journeys;

namespace Gantry.Hub.Tests.Campaigns;

/// <summary>Journeys as a test says they are.</summary>
internal sealed class FakeJourneys : JourneyQueries
{
    public List<JourneyRow> Rows { get; } = [];

    public List<BreakRow> AllBreaks { get; } = [];

    public override IReadOnlyList<JourneyRow> Current => [.. Rows];

    public override IReadOnlyList<BreakRow> Breaks => [.. AllBreaks];

    public static HopRow Hop(string name, string? service, int rung = 0, string type = "service") =>
        new(name, "", 0, new HopEnd(name, name, type, service), "", rung, "live", 1, null, "learnt", "", null);

    public static JourneyRow Journey(string name, string state, ShareEstimate? complete, params HopRow[] hops) =>
        new(name, name, "", state, hops[0].End, "", complete, hops, [], null, 0, null, DateTimeOffset.UnixEpoch);

    public static BreakRow Break(string from, string to) => new(
        $"{from}-{to}", "context-not-sent", new HopEnd(from, from, "service", from), new HopEnd(to, to, "service", to), "", $"{from} sends no context to {to}", "", "", "", "", "", 1, null, [],
        DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    public static ServiceRow Service(string name, int rung, string owner = "", bool stale = false, double? score = null, string @namespace = "") =>
        new(name, name, @namespace, "", rung, rung == 0, stale, "", "", "", "", "", DateTimeOffset.UnixEpoch, null, 0, [], [], new Step($"Instrument {name}", "", $"gantry instrument {name}", ""))
        {
            Owner = owner,
            Score = score is { } value ? new ScoreNow(value, "Good", 1, 1) : null,
        };

    public static EstateSnapshot Snapshot(params ServiceRow[] services) =>
        new(DateTimeOffset.UnixEpoch, [], services, [], new Summary([], [], 0, 0, 0, 0, [], new Step("", "", "", ""), DateTimeOffset.UnixEpoch));
}
