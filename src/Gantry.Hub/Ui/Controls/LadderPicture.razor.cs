using System.Globalization;
using Gantry.Hub.Coverage;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>The picture of the product: steps out of the dark, on each the services that stand there as boxes, and the crane that lifts the next.</summary>
public sealed partial class LadderPicture
{
    private const int BoxWidth = 13;
    private const int BoxHeight = 9;
    private const int Gap = 3;
    private const int InRow = 7;
    private const int MaxBoxes = 35;
    private const int BoxesWidth = (InRow * (BoxWidth + Gap)) - Gap;

    /// <summary>Of the picture, in CSS pixels; ladder.css has the same heights for the treads.</summary>
    private const int Height = 440;

    private static readonly int[] Treads = [122, 160, 198, 236, 274];

    private int _unit = 1;

    [Parameter, EditorRequired]
    public Summary Summary { get; set; } = null!;

    protected override void OnParametersSet() => _unit = UnitFor(Summary.ServiceRungs.DefaultIfEmpty(0).Max());

    /// <summary>How many services one box stands for: 1, 2, 5, 10, 20, … so that the highest pile has at most 35.</summary>
    internal static int UnitFor(int most)
    {
        for (long power = 1; ; power *= 10)
        {
            foreach (var digit in (ReadOnlySpan<int>)[1, 2, 5])
            {
                if (power * digit * MaxBoxes >= most)
                {
                    return (int)(power * digit);
                }
            }
        }
    }

    private int ServicesOn(int rung) => rung < Summary.ServiceRungs.Count ? Summary.ServiceRungs[rung] : 0;

    private int? HostsOn(int rung) => rung < Summary.HostRungs.Count ? Summary.HostRungs[rung] : null;

    /// <summary>The crane works between the lowest step with services and the one above.</summary>
    private int Lowest => Enumerable.Range(0, 4).FirstOrDefault(rung => ServicesOn(rung) > 0);

    private string HookAt => ((Lowest + 1) * 20).ToString(CultureInfo.InvariantCulture) + "%";

    /// <summary>Top of what hangs on the hook: well above the pile that it goes to.</summary>
    private int LoadAt => Math.Max(44, Height - Treads[Lowest + 1] - HeightOf(Math.Max(ServicesOn(Lowest), ServicesOn(Lowest + 1))) - 52);

    private int BoxesFor(int count) => (int)((count + (long)_unit - 1) / _unit);

    private int HeightOf(int count) => (BoxesFor(count) + InRow - 1) / InRow * (BoxHeight + Gap);

    /// <summary>Piled from below, left to right.</summary>
    private IEnumerable<(int X, int Y)> Boxes(int count)
    {
        var height = HeightOf(count);
        for (var i = 0; i < BoxesFor(count); i++)
        {
            yield return (i % InRow * (BoxWidth + Gap), height - ((i / InRow + 1) * (BoxHeight + Gap)) + Gap);
        }
    }
}
