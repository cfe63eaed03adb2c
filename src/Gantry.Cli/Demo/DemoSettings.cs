namespace Gantry.Cli.Demo;

/// <summary>The options of <c>gantry demo</c>.</summary>
internal sealed record DemoSettings
{
    public required Uri Hub { get; init; }

    /// <summary>Base address of the gateway's OTLP/HTTP door, where the Node.js services are told to send.</summary>
    public required Uri Gateway { get; init; }

    public required string Data { get; init; }

    /// <summary>Purchases that are counted.</summary>
    public required int Purchases { get; init; }

    /// <summary>Leave the shop running, with a trickle of load, until Ctrl-C.</summary>
    public bool Keep { get; init; }
}
