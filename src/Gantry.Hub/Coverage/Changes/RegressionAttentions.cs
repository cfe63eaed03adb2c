using Gantry.Hub.Coverage.Findings;

namespace Gantry.Hub.Coverage.Changes;

/// <summary>Regressions among what needs a person: one line each, or one for all that lost the same at the same time.</summary>
internal static class RegressionAttentions
{
    /// <summary>More than so many are one event, and not as many of them.</summary>
    private const int Apart = 3;

    private static readonly TimeSpan SameTime = TimeSpan.FromMinutes(2);

    /// <summary>In front of others of their severity. What merely says that the same thing is silent is left out: a regression says it too, and more.</summary>
    public static IReadOnlyList<Attention> Merge(IReadOnlyList<Attention> others, IReadOnlyList<RegressionRow> regressions)
    {
        if (regressions.Count == 0)
        {
            return others;
        }

        var told = regressions.Select(row => row.Href).ToHashSet();
        var own = regressions
            .GroupBy(row => (row.Subject, row.Lost, row.Severity, Slot: row.Since.UtcTicks / SameTime.Ticks))
            .SelectMany(group => Lines([.. group]));
        return [.. own.Concat(others.Where(other => !(told.Contains(other.Href) && other.Title.EndsWith(Attentions.Silent, StringComparison.Ordinal)))).OrderByDescending(attention => FindingRows.Rank(attention.Severity))];
    }

    private static IEnumerable<Attention> Lines(List<RegressionRow> rows) => rows.Count > Apart
        ? [new Attention(
            rows[0].Severity, $"{rows.Count} {rows[0].Subject}s lost {rows[0].Lost}{rows[0].Title[rows[0].Title.IndexOf(" since ", StringComparison.Ordinal)..]}",
            $"{string.Join(", ", rows.Take(Apart).Select(row => row.SubjectName))} and {rows.Count - Apart} more. {Reason(rows[0])}", $"/{rows[0].Subject}s?show=stale", rows.Min(row => row.Since))]
        : rows.Select(row => new Attention(row.Severity, row.Title, $"{row.Detail} {Reason(row)}".TrimEnd(), row.Href, row.Since));

    private static string Reason(RegressionRow row) => row.Changes.Count > 0 ? $"Shortly before: {row.Changes[0].Text}." : "";
}
