using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>How old evidence is. The browser counts on from the machine-readable time; the live loop therefore leaves the words out.</summary>
public sealed partial class Age
{
    [Parameter, EditorRequired]
    public DateTimeOffset? At { get; set; }

    [Inject]
    private UiContext Context { get; set; } = null!;
}
