using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>A command or query with a button that copies it. Without our script the text is still there to select.</summary>
public sealed partial class Copyable
{
    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    [Parameter]
    public string Label { get; set; } = "command";
}
