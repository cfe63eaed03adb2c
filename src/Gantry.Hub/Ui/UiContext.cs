using Gantry.Hub.Coverage;

namespace Gantry.Hub.Ui;

/// <summary>
/// What all components of one rendering share: one moment and one snapshot, so that all numbers and all ages on a page agree.
/// One for each rendering (scoped).
/// </summary>
public sealed class UiContext
{
    private EstateSnapshot? _snapshot;

    public EstateSnapshot Snapshot => _snapshot ?? throw new InvalidOperationException("A component is rendered by PageRenderer, which sets the snapshot.");

    public DateTimeOffset Now { get; private set; }

    /// <summary>"light", "dark" or "system".</summary>
    public string Theme { get; private set; } = Ui.Theme.System;

    /// <summary>The page's own URL.</summary>
    public string Url { get; private set; } = Links.Home;

    /// <summary>Rendered for the live loop: text that would differ only because time passed is left to the browser.</summary>
    public bool Live { get; private set; }

    /// <summary>Whoever looks may read the audit log, so the menu has it.</summary>
    public bool MayAudit { get; private set; }

    internal void Enter(EstateSnapshot snapshot, DateTimeOffset now, string theme, string url, bool live, bool mayAudit)
    {
        MayAudit = mayAudit;
        _snapshot = snapshot;
        Now = now;
        Theme = theme;
        Url = url;
        Live = live;
    }
}
