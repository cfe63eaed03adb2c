namespace Gantry.Agent.Instrument.Attach;

/// <summary>How processes are attached to.</summary>
internal sealed record AttachSettings
{
    /// <summary>Spans too, not only metrics. Default true.</summary>
    public bool Traces { get; init; } = true;

    /// <summary>What the runtime sums up at once; default 1 s, 0.1 s at least. As long as a detaching may take, as it waits for the end of one.</summary>
    public TimeSpan CollectEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Between two exports of metrics; default 5 s.</summary>
    public TimeSpan ExportEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Memory that the runtime may take, in the process, for events that are not read yet, in megabytes. Metrics have a buffer of their own, so that spans cannot push them out.</summary>
    public uint MetricsBuffer { get; init; } = 4;

    public uint TracesBuffer { get; init; } = 32;
}
