using Gantry.Hub.Coverage;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>A finding in words: what it is, why it matters, and what puts it right.</summary>
public sealed partial class FindingText
{
    [Parameter, EditorRequired]
    public FindingRow Row { get; set; } = null!;
}
