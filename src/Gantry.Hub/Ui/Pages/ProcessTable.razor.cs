using Gantry.Hub.Coverage;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

public sealed partial class ProcessTable
{
    /// <summary>As container tools shorten an id.</summary>
    private const int ShortContainerId = 12;

    [Parameter, EditorRequired]
    public IReadOnlyList<ProcessRow> Processes { get; set; } = [];

    internal static string Place(ProcessRow process) => process switch
    {
        { ContainerId.Length: > ShortContainerId } => "container " + process.ContainerId[..ShortContainerId],
        { ContainerId.Length: > 0 } => "container " + process.ContainerId,
        { Unit.Length: > 0 } => process.Unit,
        _ => Figures.None,
    };

    internal static string Runtime(ProcessRow process) =>
        process.RuntimeVersion.Length > 0 ? $"{Words.Language(process.Language)} {process.RuntimeVersion}" : Words.Language(process.Language);
}
