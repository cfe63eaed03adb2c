namespace Gantry.Hub.Ui;

/// <summary>Settings of the web UI.</summary>
public sealed class UiOptions
{
    /// <summary>How often what moves is rendered again. Default 2 s, from 100 ms.</summary>
    public TimeSpan LiveInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many pages may be live at once; the next ones stay as they were loaded and ask again later. Default 500.</summary>
    public int MaxViewers { get; set; } = 500;

    /// <summary>Renders without news after which a viewer gets a sign of life, so that a dead connection is noticed. Default 8.</summary>
    public int TicksPerSignOfLife { get; set; } = 8;
}
