using Gantry.Hub.Fleet.Views;
using Gantry.Hub.Ui.Forms;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>What operators say about an agent: a form that works without a script. Not a live region: what somebody types is theirs.</summary>
public sealed partial class AgentAttributesForm
{
    [Parameter, EditorRequired]
    public AgentDetail Detail { get; set; } = null!;

    /// <summary>What was typed and not saved; null: what is set.</summary>
    [Parameter]
    public string? Draft { get; set; }

    [Parameter]
    public string Problem { get; set; } = "";

    private string Text => Draft ?? AttributeLines.Write(Detail.OperatorAttributes);

    private int Rows => Math.Clamp(Text.Count(c => c == '\n') + 1, 3, 12);
}
