using System.Globalization;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Coverage.Changes;

/// <summary>Says what stands lower than it did. The history says from where and since when, the row of now what is missing; a row that is up again is none.</summary>
internal static class Regressions
{
    /// <summary>What comes and goes within it is nobody's business yet.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>How far back the highest rung counts.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromDays(7);

    /// <summary>How long before something was lost a change may be the reason.</summary>
    public static readonly TimeSpan Before = TimeSpan.FromMinutes(30);

    private const int MostChanges = 10;

    public static RegressionRow? Of(Followed subject, ServiceRow row, DateTimeOffset now)
    {
        if (Fall(subject, row.Rung, now) is not { } fall)
        {
            return null;
        }

        // What fell a second time is told when that has stayed too; until then it is as it was after the first.
        var stood = subject.Steps.Where(step => now - step.At < Patience).Select(step => step.Before).Append(subject.Rung ?? row.Rung).Append(row.Rung).Max();
        var missing = Missing(row.Evidence, stood, fall.Rung);
        var lowest = LowestOf(missing);
        // Each fall has its own time: 4 to 3 on Monday lost something else than 3 to 2 on Wednesday.
        var step = subject.Steps.FindLast(step => step.Before >= lowest && step.Rung < lowest && now - step.At >= Patience);
        return Service(row, step.At == default ? fall : (fall.Rung, step.At), missing);
    }

    public static RegressionRow? Of(Followed subject, HostRow row, DateTimeOffset now)
    {
        if (Fall(subject, row.Rung, now) is not { } fall)
        {
            return null;
        }

        var missing = Missing(row.Evidence, row.Rung, fall.Rung);
        var since = Since(missing, fall);
        return Row("host", row.Id, row.Name, fall, row.Rung, "high", "measurements", $"Not seen any more: {Titles(missing)}.", since);
    }

    /// <summary>With what changed near it.</summary>
    /// <param name="subjects">Ids of what the changes may be of, besides the estate.</param>
    /// <param name="changes">By the id of their subject, "" for the estate; in any order.</param>
    public static RegressionRow With(RegressionRow row, IReadOnlySet<string> subjects, ILookup<string, ChangeRow> changes) => row with
    {
        Changes =
        [
            .. subjects.Append("").Distinct().SelectMany(subject => changes[subject])
                .Where(change => change.Kind != ChangeKinds.Rung && change.At >= row.Since - Before && change.At <= row.FellAt)
                .OrderBy(change => (change.At - row.Since).Duration())
                .ThenBy(change => change.Kind == ChangeKinds.Instances)
                .ThenByDescending(change => change.Id)
                .Take(MostChanges),
        ],
    };

    /// <summary>From which rung it fell last, and when; null where it stands as high as it did, or fell just now.</summary>
    private static (int Rung, DateTimeOffset At)? Fall(Followed subject, int now, DateTimeOffset time)
    {
        var steps = subject.Steps.Where(step => time - step.At < Memory).ToList();
        // Before the first step of the week it stood there within the week too.
        var highest = steps.Count == 0 ? -1 : Math.Max(steps.Max(step => step.Rung), steps[0].Before);
        if (now >= highest || subject.Rung >= highest)
        {
            return null;
        }

        var fell = steps.FindLast(step => step.Before >= highest && step.Rung < highest);
        return fell.At != default && time - fell.At >= Patience ? (highest, fell.At) : null;
    }

    private static RegressionRow Service(ServiceRow row, (int Rung, DateTimeOffset At) fall, List<EvidenceRow> missing)
    {
        var lowest = LowestOf(missing);
        var (lost, detail) = lowest switch
        {
            4 => ("custom telemetry", "Its own telemetry is not seen any more; that of its automatic instrumentation is."),
            3 => ("traces", "Its requests are still counted, but no trace joins it with another service any more."),
            _ when row.Instances == 0 => ("telemetry", row.Processes.Count > 0 ? "Nothing that it sends is seen any more, and its process runs." : "Nothing that it sends is seen any more, and no process of it is known."),
            _ => ("requests", "It still sends, but no request of it is counted any more: its instrumentation lost them, or nobody calls it."),
        };
        var severity = (lost, row.Criticality) switch
        {
            ("custom telemetry", _) => "low",
            (_, "mission_critical" or "high") => "high",
            ("telemetry", _) => row.Processes.Count > 0 ? "high" : "low",
            _ => "medium",
        };
        var since = Since([.. missing.Where(item => item.Rung == lowest)], fall);
        return Row("service", row.Id, row.Name, fall, row.Rung, severity, lost, detail, since);
    }

    private static RegressionRow Row(
        string subject, string id, string name, (int Rung, DateTimeOffset At) fall, int now, string severity, string lost, string detail, DateTimeOffset since) => new(
        RowId.Of($"{name}-{lost.Replace(' ', '-')}", subject, id, fall.At.ToString("O", CultureInfo.InvariantCulture)), severity, subject, id, name, fall.Rung, now, lost,
        $"{name} lost {lost} since {since.UtcDateTime.ToString("ddd HH:mm", CultureInfo.InvariantCulture)} UTC", detail, since, fall.At, []);

    private static List<EvidenceRow> Missing(IReadOnlyList<EvidenceRow> evidence, int now, int before) =>
        [.. evidence.Where(item => item.State != "fresh" && item.Rung > now && item.Rung <= before)];

    private static int LowestOf(List<EvidenceRow> missing) => missing.Count > 0 ? missing.Min(item => item.Rung) : 2;

    /// <summary>A part may be lost later than another: it was whole until the first.</summary>
    private static DateTimeOffset Since(List<EvidenceRow> missing, (int Rung, DateTimeOffset At) fall) =>
        missing.Min(item => item.LastSeen) is { } seen && seen < fall.At ? seen : fall.At;

    private static string Titles(List<EvidenceRow> missing) => missing.Count > 0 ? string.Join(", ", missing.Select(item => item.Title.ToLowerInvariant())) : "what it was measured by";
}
