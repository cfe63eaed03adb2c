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

    /// <summary>The crane stands between the lowest step with services and the one above: that is where work is.</summary>
    private string HookAt
    {
        get
        {
            var lowest = Enumerable.Range(0, 4).FirstOrDefault(rung => ServicesOn(rung) > 0);
            return ((lowest + 1) * 20).ToString(CultureInfo.InvariantCulture) + "%";
        }
    }

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
