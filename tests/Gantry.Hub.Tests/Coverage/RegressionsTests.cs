using Gantry.Hub.Coverage;
using Gantry.Hub.Coverage.Changes;

namespace Gantry.Hub.Tests.Coverage;

/// <summary>What was lost when, where something fell more than once.</summary>
public class RegressionsTests
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 16, 10, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Wednesday = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_second_fall_has_its_own_time_and_its_own_changes()
    {
        var now = Wednesday.AddMinutes(10);
        var found = Regressions.Of(Fell(rung: 2, (Monday, 4, 3), (Wednesday, 3, 2)), Row(2, traces: Wednesday.AddMinutes(-5), own: Monday.AddMinutes(-5)), now)!;

        Assert.Equal(("cart lost traces since Wed 09:55 UTC", 4, 2, Wednesday), (found.Title, found.From, found.To, found.FellAt));
        var changes = new[] { Change(1, Monday.AddMinutes(-6)), Change(2, Wednesday.AddMinutes(-6)), Change(3, Wednesday.AddMinutes(-6), "other") }.ToLookup(change => change.SubjectId);
        Assert.Equal(2, Assert.Single(Regressions.With(found, new HashSet<string> { "c" }, changes).Changes).Id);
    }

    /// <summary>A fall that is not recorded yet, or only just, may be over in a minute: the first is told as before.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(2)]
    public void Until_the_second_has_stayed_the_first_is_told(int recorded)
    {
        var now = Wednesday.AddMinutes(2);
        var steps = recorded == 3 ? new[] { (Monday, 4, 3) } : [(Monday, 4, 3), (Wednesday, 3, 2)];
        var found = Regressions.Of(Fell(recorded, steps), Row(2, traces: Wednesday.AddMinutes(-5), own: Monday.AddMinutes(-5)), now)!;

        Assert.Equal(("cart lost custom telemetry since Mon 09:55 UTC", Monday), (found.Title, found.FellAt));
    }

    [Fact]
    public void What_came_back_after_one_deep_fall_leaves_the_rest_of_it()
    {
        var found = Regressions.Of(Fell(rung: 3, (Monday, 4, 2), (Wednesday, 2, 3)), Row(3, traces: Wednesday.AddMinutes(9), own: Monday.AddMinutes(-5)), Wednesday.AddMinutes(10))!;

        Assert.Equal(("custom telemetry", Monday), (found.Lost, found.FellAt));
    }

    private static Followed Fell(int rung, params (DateTimeOffset At, int Before, int Rung)[] steps)
    {
        var subject = new Followed("service", "c", "cart", new Dictionary<string, string> { ["rung"] = $"{rung}" });
        subject.Steps.AddRange(steps.Select(step => new RungStep(step.At, step.Before, step.Rung)));
        return subject;
    }

    private static ServiceRow Row(int rung, DateTimeOffset traces, DateTimeOffset own) => new(
        "c", "cart", "", "", rung, Dark: false, Stale: true, "", "", "", "", "", traces, Red: null, Requests: 0,
        [
            new EvidenceRow("requests", "Requests", "", 2, "fresh", Wednesday, ""),
            new EvidenceRow("joined", "Joined in a trace", "", 3, rung >= 3 ? "fresh" : "stale", traces, ""),
            new EvidenceRow("own", "Own telemetry", "", 4, "stale", own, ""),
        ], [], Next: null) { Instances = 1 };

    private static ChangeRow Change(long id, DateTimeOffset at, string of = "c") => new(id, at, "version", "service", of, of, "1", "2", "version 1 to 2");
}
