using Gantry.Estate.Findings;

namespace Gantry.Hub.Coverage.Findings;

/// <summary>The findings that need a person now: those that cost telemetry or make numbers wrong, one line a kind whatever number of services has it.</summary>
internal static class FindingAttentions
{
    private const int Most = 20;

    // What was not seen for longer may have been put right.
    private static readonly TimeSpan Recent = TimeSpan.FromHours(1);

    /// <summary>Both together, worst first; within a severity, what is wrong with services goes before what is wrong with their telemetry.</summary>
    public static IReadOnlyList<Attention> Merge(IReadOnlyList<Attention> others, IReadOnlyList<FindingRow> findings, DateTimeOffset now)
    {
        var own = findings
            .Where(finding => now - finding.LastSeen < Recent && FindingRows.Rank(finding.Severity) > 0)
            .GroupBy(finding => (finding.Code, finding.Severity))
            .Select(group => Of([.. group]));
        return [.. others.Concat(own).OrderByDescending(attention => FindingRows.Rank(attention.Severity)).Take(Most)];
    }

    private static Attention Of(List<FindingRow> rows)
    {
        var title = FindingCatalogue.Of(rows[0].Code, rows[0].Example).Title;
        return rows.Count == 1
            ? new Attention(rows[0].Severity, $"{rows[0].Service}: {char.ToLowerInvariant(title[0])}{title[1..]}", rows[0].Why, $"/services/{rows[0].ServiceId}", rows[0].FirstSeen)
            : new Attention(rows[0].Severity, $"{rows.Count} services: {char.ToLowerInvariant(title[0])}{title[1..]}", rows[0].Why, $"/findings?q={Uri.EscapeDataString(rows[0].Code)}", rows.Min(row => row.FirstSeen));
    }
}
