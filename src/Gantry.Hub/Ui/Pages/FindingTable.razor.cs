using Gantry.Hub.Coverage;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>The findings of one service.</summary>
public sealed partial class FindingTable
{
    [Parameter, EditorRequired]
    public IReadOnlyList<FindingRow> Rows { get; set; } = [];
}
