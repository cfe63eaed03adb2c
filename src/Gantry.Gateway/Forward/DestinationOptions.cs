using Gantry.Gateway.Compression;
using Gantry.Protocol.Observations;

namespace Gantry.Gateway.Forward;

public enum DestinationProtocol
{
    /// <summary>OTLP/HTTP: POST of protobuf to <c>/v1/{signal}</c> below the endpoint.</summary>
    Http,

    /// <summary>OTLP/gRPC, unary.</summary>
    Grpc,
}

public enum DestinationCompression
{
    None,

    /// <summary>At the fastest level: gzip out is the dearest step of a gateway, and the fastest level is within a quarter of the default's ratio.</summary>
    Gzip,

    /// <summary>At level 1; needs the system's libzstd.</summary>
    Zstd,
}

/// <summary>One OTLP endpoint that gets what is accepted.</summary>
public sealed record DestinationOptions
{
    public static readonly IReadOnlyList<Signal> AllSignals = [Signal.Traces, Signal.Metrics, Signal.Logs, Signal.Profiles];

    private const int MaxNameLength = 64;
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(10);

    /// <summary>For people, states and folder names: 1 to 64 of a-z, A-Z, 0-9, '.', '_', '-', the first no dot. Default: host and port of the endpoint.</summary>
    public string Name
    {
        get => field ?? $"{Endpoint.Host.Trim('[', ']').Replace(':', '-')}-{Endpoint.Port}";
        init;
    }

    /// <summary>http or https; with <see cref="DestinationProtocol.Http"/> a path may follow.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Default <see cref="DestinationProtocol.Http"/>.</summary>
    public DestinationProtocol Protocol { get; init; }

    /// <summary>Default none: right within a machine or a cluster.</summary>
    public DestinationCompression Compression { get; init; }

    /// <summary>Default true: clients get their acknowledgement after this destination, or its spool, has the data. False: best effort; what
    /// it does not take in time is dropped and counted.</summary>
    public bool Required { get; init; } = true;

    /// <summary>Default all four.</summary>
    public IReadOnlyList<Signal> Signals { get; init; } = AllSignals;

    /// <summary>Sent with every request. Default none.</summary>
    public IReadOnlyList<DestinationHeader> Headers { get; init; } = [];

    /// <summary>For one attempt, from connecting to the end of the answer. Default 10 s; 100 ms to 10 min.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where data waits for this destination; null: nowhere, the client does.</summary>
    public SpoolOptions? Spool { get; init; }

    /// <summary>Every problem, each naming the field, the value and what is accepted.</summary>
    internal IEnumerable<string> Validate()
    {
        var source = $"--forward {Endpoint}";
        if (!Endpoint.IsAbsoluteUri || Endpoint.Scheme is not ("http" or "https"))
        {
            yield return $"{source}: expected an http:// or https:// URL of an OTLP endpoint, such as http://127.0.0.1:5318";
            yield break;
        }

        if (!IsName(Name))
        {
            yield return $"{source}: name '{Name}': expected 1 to {MaxNameLength} of a-z, A-Z, 0-9, '.', '_' and '-', the first of them no dot";
        }

        if (Timeout < TimeSpan.FromMilliseconds(100) || Timeout > LongestTimeout)
        {
            yield return $"{source}: timeout {Timeout}: expected 100 ms to {LongestTimeout.TotalMinutes} min";
        }

        if (Signals.Count == 0 || Signals.Any(signal => !AllSignals.Contains(signal)))
        {
            yield return $"{source}: signals: expected at least one of traces, metrics, logs, profiles";
        }

        if (Compression == DestinationCompression.Zstd && !Zstd.IsAvailable)
        {
            yield return $"{source}: compression zstd: {Zstd.Missing}, or use gzip or none";
        }

        foreach (var problem in Headers.Select(header => header.Validate()).Concat(Spool?.Validate() ?? []).OfType<string>())
        {
            yield return $"{source}: {problem}";
        }
    }

    /// <summary>What no single destination sees: two that would be one.</summary>
    internal static IEnumerable<string> ValidateAll(IReadOnlyList<DestinationOptions> all)
    {
        foreach (var problem in all.SelectMany(destination => destination.Validate()))
        {
            yield return problem;
        }

        foreach (var same in all.GroupBy(destination => destination.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            yield return $"--forward: {same.Count()} destinations are named '{same.Key}'; give each a name of its own with ?name=NAME";
        }

        foreach (var same in all.Where(item => item.Spool is { Folder.Length: > 0 }).GroupBy(item => Path.GetFullPath(item.Spool!.Folder)).Where(group => group.Count() > 1))
        {
            yield return $"--forward: {same.Count()} destinations have the spool folder {same.Key}; give each one of its own with ?spool-folder=DIR";
        }
    }

    private static bool IsName(string name) => name.Length is >= 1 and <= MaxNameLength && name[0] != '.'
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}

/// <summary>Data on disk that a destination has not taken yet.</summary>
public sealed record SpoolOptions
{
    public const long LeastBytes = 64 * 1024;

    /// <summary>Made when absent; one process at a time holds it.</summary>
    public required string Folder { get; init; }

    /// <summary>Bytes on disk, at most; full, nothing more is taken until some is delivered. 64 KiB and more.</summary>
    public required long MaxBytes { get; init; }

    /// <summary>What waited longer is given up and reported as lost. Default null: nothing is ever given up, a full spool refuses instead.</summary>
    public TimeSpan? MaxAge { get; init; }

    internal IEnumerable<string> Validate()
    {
        if (Folder.Length == 0)
        {
            yield return "spool-folder: expected a folder for what waits";
        }

        if (MaxBytes < LeastBytes)
        {
            yield return $"spool {MaxBytes}: expected at least {LeastBytes} bytes, such as 1GiB";
        }

        if (MaxAge is { } age && age <= TimeSpan.Zero)
        {
            yield return $"spool-age {age}: expected more than 0, such as 24h";
        }
    }
}
