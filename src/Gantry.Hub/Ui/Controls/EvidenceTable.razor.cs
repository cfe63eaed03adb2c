using Gantry.Hub.Coverage;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>Why something stands where it stands: each requirement, by rung, with what met it and when.</summary>
public sealed partial class EvidenceTable
{
    [Parameter, EditorRequired]
    public IReadOnlyList<EvidenceRow> Evidence { get; set; } = [];

    private static string Sum(IEnumerable<EvidenceRow> rows)
    {
        var all = rows.ToArray();
        var fresh = all.Count(row => row.State == "fresh");
        return fresh == all.Length ? "all fresh" : $"{fresh} of {all.Length} fresh";
    }
}
