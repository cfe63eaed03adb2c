using Gantry.Hub.Journeys;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>The map as a table: every station, each below the one that calls it.</summary>
public sealed partial class HopTable
{
    private IReadOnlyList<(HopRow Hop, int Level)> _hops = [];

    [Parameter, EditorRequired]
    public JourneyRow Row { get; set; } = null!;

    protected override void OnParametersSet()
    {
        var tree = new HopTree(Row);
        var hops = new List<(HopRow, int)>();
        foreach (var root in tree.Roots)
        {
            Add(root, 0);
        }

        _hops = hops;

        void Add(HopRow hop, int level)
        {
            hops.Add((hop, level));
            foreach (var child in tree.ChildrenOf(hop.Id))
            {
                Add(child, level + 1);
            }
        }
    }

    /// <summary>That no break is known is no evidence that a trace goes on: only a hop that is seen now has it.</summary>
    private static string Unbroken(HopRow hop) => hop.Parent.Length == 0 ? "entry" : hop.State == "live" ? "whole" : Figures.None;

    private string Title(string id) => Row.Breaks.FirstOrDefault(item => item.Id == id)?.Title ?? "loses the trace";
}
