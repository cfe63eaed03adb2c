using Gantry.Estate.Instrumentation;
using Gantry.Estate.Methods;
using Gantry.Hub.Coverage;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>How far is this process, what does that rest on, and what would bring it further?</summary>
public sealed partial class ProcessPage
{
    [Parameter, EditorRequired]
    public ProcessRow Row { get; set; } = null!;

    /// <summary>Null where nobody knows the process any more.</summary>
    private MethodAdvice? Advice => Row.Advice?.Invoke();

    private string Meaning => InstrumentationWords.States.FirstOrDefault(state => state.Word == Row.State).Meaning ?? "";

    private IEnumerable<(string Name, string Value)> Facts =>
    [
        ("Evidence", Row.Evidence),
        ("Method", Row.Method),
        ("Rule", Row.Rule),
        ("Services", string.Join(", ", Row.Services)),
        ("Events dropped by its runtime", Row.Dropped > 0 ? Figures.Count(Row.Dropped) : ""),
        ("C library", Row.Libc),
        ("Pod", Row.PodUid),
        ("Could not be read", Row.Unreadable),
    ];
}
