using System.Net;
using Gantry.Gateway.Metrics;

namespace Gantry.Gateway;

/// <summary>Settings of a gateway process.</summary>
public sealed record GatewayOptions
{
    /// <summary>OTLP/gRPC. Default 127.0.0.1:4317; port 0 takes a free one.</summary>
    public IPEndPoint Grpc { get; init; } = new(IPAddress.Loopback, 4317);

    /// <summary>OTLP/HTTP. Default 127.0.0.1:4318; port 0 takes a free one.</summary>
    public IPEndPoint Http { get; init; } = new(IPAddress.Loopback, 4318);

    /// <summary>Where observations go. The gateway works without it.</summary>
    public Uri Hub { get; init; } = new("http://127.0.0.1:4320/");

    /// <summary>An OTLP/HTTP endpoint that gets everything that is accepted, as protobuf to <c>/v1/{signal}</c> below it; null: nothing is passed on.
    /// With it, a client gets its acknowledgement only after this endpoint accepted.</summary>
    public Uri? Forward { get; init; }

    private const int LargestRequest = 512 * 1024 * 1024;

    /// <summary>Largest request, in bytes, as sent and after decompression. Default 64 MiB, as the OTLP specification advises; 1 KiB to 512 MiB.</summary>
    public int MaxRequestBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>What goes out as metrics of the spans that come in.</summary>
    public MetricsOptions Metrics { get; init; } = new();

    /// <summary>Between two reports to the hub. Default 2 s.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Every problem, each naming the key, the value and what is accepted; empty when all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        foreach (var (key, endpoint) in new[] { ("--grpc", Grpc), ("--http", Http) })
        {
            if (!IPAddress.IsLoopback(endpoint.Address))
            {
                problems.Add($"{key} {endpoint}: only loopback addresses are accepted until access control exists; use 127.0.0.1 or [::1]");
            }
        }

        if (Forward is not null && Forward.Scheme is not ("http" or "https"))
        {
            problems.Add($"--forward {Forward}: expected an http:// or https:// URL of an OTLP/HTTP endpoint, such as http://127.0.0.1:5318");
        }

        if (!Hub.IsAbsoluteUri || Hub.Scheme is not ("http" or "https"))
        {
            problems.Add($"--hub {Hub}: expected an http:// or https:// URL, such as http://127.0.0.1:4320");
        }

        if (MaxRequestBytes is < 1024 or > LargestRequest)
        {
            problems.Add($"--max-request-bytes {MaxRequestBytes}: expected 1024 to {LargestRequest}");
        }

        problems.AddRange(Metrics.Validate());
        return problems;
    }
}
