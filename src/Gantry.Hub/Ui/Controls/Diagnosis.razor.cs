using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>What an empty page says instead of nothing: the probable causes in order, with what the hub has already checked.</summary>
public sealed partial class Diagnosis
{
    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    [Parameter, EditorRequired]
    public string Lead { get; set; } = "";

    [Parameter, EditorRequired]
    public IReadOnlyList<Cause> Causes { get; set; } = [];

    private static string Word(Finding finding) => finding switch
    {
        Finding.Likely => "Checked: this is it",
        Finding.RuledOut => "Checked: not this",
        _ => "Cannot be seen from here",
    };
}

/// <summary>What the hub itself could find out about a cause.</summary>
public enum Finding
{
    Unknown,
    Likely,
    RuledOut,
}

/// <summary>A probable cause of an empty page.</summary>
/// <param name="Command">Checks it, or does what is missing.</param>
public sealed record Cause(string Title, string Detail, string Command, Finding Finding);
