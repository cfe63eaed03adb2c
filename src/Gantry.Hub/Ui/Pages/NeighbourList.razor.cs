using Gantry.Hub.Coverage;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

public sealed partial class NeighbourList
{
    [Parameter, EditorRequired]
    public IReadOnlyList<Neighbour> Items { get; set; } = [];

    [Parameter, EditorRequired]
    public string None { get; set; } = "";
}
