using System.Net;
using Gantry.Gateway.Forward;
using Gantry.Gateway.Metrics;
using Gantry.Hub.Fleet;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Serve;

/// <summary>The options of <c>gantry up</c>.</summary>
internal sealed record UpSettings
{
    public required string Data { get; init; }

    public IReadOnlyList<DestinationOptions> Forward { get; init; } = [];

    public required IPEndPoint Hub { get; init; }

    public required IPEndPoint Grpc { get; init; }

    public required IPEndPoint Http { get; init; }

    public MetricsOptions Metrics { get; init; } = new();

    public FleetOptions Fleet { get; init; } = new();

    public bool SelfTelemetry { get; init; } = true;

    public LogLevel Level { get; init; } = LogLevel.Warning;
}
