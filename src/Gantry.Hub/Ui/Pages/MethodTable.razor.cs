using Gantry.Estate.Methods;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>By which methods a process can climb, what each takes, and why others do not apply.</summary>
public sealed partial class MethodTable
{
    [Parameter, EditorRequired]
    public MethodAdvice Advice { get; set; } = null!;

    private IEnumerable<(string Name, RungAdvice Advice)> Rungs => [("baseline", Advice.Baseline), ("transactions", Advice.Transactions)];

    private static string Cost(MethodChoice choice) => string.Join("; ", new[]
    {
        choice.Cost.Restart switch
        {
            MethodRestart.None => "no restart",
            MethodRestart.Process => "a restart",
            MethodRestart.Pod => "new pods",
            MethodRestart.Task => "a new task revision",
            MethodRestart.Function => "a new function version",
            _ => "a new build",
        },
        choice.Cost.Image ? "another image" : "",
        choice.Cost.Privilege,
    }.Where(part => part.Length > 0));
}
