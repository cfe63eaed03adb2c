using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

public sealed partial class ErrorPage
{
    [Inject]
    private UiContext Context { get; set; } = null!;
}
