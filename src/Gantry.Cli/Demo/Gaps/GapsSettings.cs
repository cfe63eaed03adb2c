namespace Gantry.Cli.Demo.Gaps;

/// <summary>The options of <c>gantry demo --gaps</c>.</summary>
internal sealed record GapsSettings
{
    public required Uri Hub { get; init; }

    /// <summary>Base address of the gateway's OTLP/HTTP door, where the Node.js services are told to send.</summary>
    public required Uri Gateway { get; init; }

    public required string Data { get; init; }

    /// <summary>A RabbitMQ that runs already; null: the demo starts one.</summary>
    public Uri? Queue { get; init; }

    /// <summary>The result as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>Leave the shop running after the last gap is closed, until Ctrl-C.</summary>
    public bool Keep { get; init; }

    /// <summary>Close no gap: name them, and leave the shop running, until Ctrl-C.</summary>
    public bool KeepGaps { get; init; }
}
