using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>A state in words, with a mark of its own shape: colour is never the only difference.</summary>
public sealed partial class StateBadge
{
    /// <summary>"fresh", "stale", "dark", "missing", "healthy", "unhealthy", "connected", "gone", "high", …</summary>
    [Parameter, EditorRequired]
    public string State { get; set; } = "";

    private string Text => State.Length == 0 ? "Unknown" : char.ToUpperInvariant(State[0]) + State[1..];

    private string Css => State switch
    {
        "fresh" or "healthy" or "connected" or "in force" => "good",
        "stale" or "medium" or "behind" or "kept" or "silent" => "warn",
        "unhealthy" or "high" => "bad",
        _ => "none",
    };
}
