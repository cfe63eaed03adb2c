using Gantry.Hub.Coverage;

namespace Gantry.Cli.Get;

internal static class EvidenceText
{
    /// <summary>"8/8", or with what is lacking: "6/8 stale:disk.errors missing:cpu.saturation".</summary>
    public static string Of(IReadOnlyList<EvidenceRow> evidence) => string.Join(' ', evidence
        .Where(row => row.State != "fresh")
        .GroupBy(row => row.State)
        .Select(group => $"{group.Key}:{string.Join(',', group.Select(row => row.Id))}")
        .Prepend($"{evidence.Count(row => row.State == "fresh")}/{evidence.Count}"));
}
