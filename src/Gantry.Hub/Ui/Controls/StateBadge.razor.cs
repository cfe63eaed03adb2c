using Microsoft.AspNetCore.Components;

namespace Gantry.Hub.Ui.Controls;

/// <summary>A state in words, with a mark of its own shape: colour is never the only difference.</summary>
public sealed partial class StateBadge
{
    /// <summary>"fresh", "stale", "dark", "missing", "healthy", "unhealthy", "connected", "gone", "high", …</summary>
    [Parameter, EditorRequired]
    public string State { get; set; } = "";

    /// <summary>In place of the state's own word.</summary>
    [Parameter]
    public string Text { get; set; } = "";

    private string Shown => Text.Length > 0 ? Text : State.Length == 0 ? "Unknown" : char.ToUpperInvariant(State[0]) + State[1..].Replace('-', ' ');

    private string Css => State switch
    {
        "fresh" or "healthy" or "connected" or "in force" or "in-effect" or "applied" or "enabled" or "done" or "observed" or "begins" or "whole" or "met" or "live" => "good",
        "stale" or "mending" or "medium" or "behind" or "kept" or "silent" or "drifted" or "rolled-back" or "no-answer" or "warning" or "restart pending" or "blocked" or "changes" or "late" => "warn",
        "broken" or "burning" or "missed" or "unhealthy" or "high" or "failed" or "error" or "refused" or "conflicting" => "bad",
        _ => "none",
    };
}
