using Gantry.Hub.Ui.Lists;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>A filter that leaves nothing says which filter, and how to be rid of it.</summary>
public sealed partial class ListNone
{
    [Parameter, EditorRequired]
    public ListState State { get; set; } = null!;

    [Parameter, EditorRequired]
    public string Path { get; set; } = "";

    [Parameter, EditorRequired]
    public string Noun { get; set; } = "";

    [Parameter, EditorRequired]
    public IReadOnlyList<ChipHead> Chips { get; set; } = [];

    [Parameter, EditorRequired]
    public int Total { get; set; }

    private string Sentence
    {
        get
        {
            var chip = Chips.FirstOrDefault(chip => chip.Key == State.Show)?.Title;
            return (State.Query.Length > 0, chip) switch
            {
                (true, { } name) => $"No {Noun} match “{State.Query}” and {name}.",
                (true, null) => $"No {Noun} match “{State.Query}”.",
                (false, { } name) => $"No {Noun} are {name}.",
                _ => $"No {Noun}.",
            };
        }
    }
}
