using System.Globalization;
using Gantry.Agent.Instrument.Attach.Ipc;

namespace Gantry.Agent.Instrument.Attach.Meters;

/// <summary>
/// How the runtime's MetricsEventSource is asked for values. It has one listener, which tools share under the session id SHARED (.NET 8 and later) when
/// interval and limits are the same; each has a client id of its own. Whoever comes later takes over the numbers of the first.
/// </summary>
/// <param name="Seconds">Between two collections.</param>
/// <param name="MaxTimeSeries">Series of all instruments; further ones are left out by the runtime, which says so.</param>
/// <param name="MaxHistograms">Of these, histograms. Each takes some ten kilobytes of the process.</param>
internal sealed record MeterArguments(string ClientId, double Seconds = 1, int MaxTimeSeries = 2000, int MaxHistograms = 500)
{
    public const string Provider = "System.Diagnostics.Metrics";
    public const string SessionId = "SHARED";

    private const ulong TimeSeriesValues = 2;
    private const uint Informational = 4;

    /// <summary>The built-in meters; the last came with .NET 9.</summary>
    public static readonly IReadOnlyList<string> Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Diagnostics",
        "Microsoft.AspNetCore.RateLimiting", "System.Net.Http", "System.Net.NameResolution", "System.Runtime",
    ];

    public TracingProvider ToProvider() => new(
        Provider,
        TimeSeriesValues,
        Informational,
        string.Create(CultureInfo.InvariantCulture, $"SessionId={SessionId};ClientId={ClientId};RefreshInterval={Seconds};MaxTimeSeries={MaxTimeSeries};MaxHistograms={MaxHistograms};Metrics=\"{string.Join(';', Meters)}\""));
}

/// <summary>Another tool listens already, with other numbers: the session is to be opened again with these.</summary>
internal sealed class SharedArgumentsException(MeterArguments arguments) : Exception
{
    public MeterArguments Arguments { get; } = arguments;
}
