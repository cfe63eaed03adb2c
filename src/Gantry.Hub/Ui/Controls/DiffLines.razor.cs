using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>A difference of two texts. The sign in front of each line says what it is; colour only repeats it.</summary>
public sealed partial class DiffLines
{
    private const int Most = 1_000;

    /// <summary>As <see cref="Gantry.Estate.Resources.LineDiff"/> makes them.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<string> Lines { get; set; } = [];

    /// <summary>What the lines with a minus are of.</summary>
    [Parameter, EditorRequired]
    public string Before { get; set; } = "";

    [Parameter, EditorRequired]
    public string After { get; set; } = "";

    private static string Css(string line) => line switch
    {
        ['+', ..] => "diff-add",
        ['-', ..] => "diff-del",
        ['@', ..] => "diff-at",
        _ => "diff-same",
    };
}
