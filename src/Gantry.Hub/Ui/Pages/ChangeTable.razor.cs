using Gantry.Hub.Coverage.Changes;
using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Pages;

/// <summary>Changes, newest first.</summary>
public sealed partial class ChangeTable
{
    [Parameter, EditorRequired]
    public IReadOnlyList<ChangeRow> Rows { get; set; } = [];

    [Parameter, EditorRequired]
    public int Most { get; set; }

    /// <summary>On a page that is about more than one.</summary>
    [Parameter]
    public bool WithSubject { get; set; }

    private static string? Href(ChangeRow row) => row.Subject switch
    {
        "service" => Links.Service(row.SubjectId),
        "host" => Links.Host(row.SubjectId),
        _ => null,
    };
}
