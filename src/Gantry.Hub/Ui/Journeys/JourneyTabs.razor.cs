using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Journeys;

/// <summary>The pages of one menu item.</summary>
public sealed partial class JourneyTabs
{
    /// <summary>Path of the page that is open.</summary>
    [Parameter, EditorRequired]
    public string On { get; set; } = "";
}
