using System.Net;
using Gantry.Estate.Sampling;
using Gantry.Gateway.Forward;
using Gantry.Gateway.Metrics;
using Gantry.Gateway.Receive;

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

    /// <summary>What the gateway shows to the hub, a token of the role gateway. Default null: nothing, which does where the hub asks for nothing.</summary>
    public string? HubToken { get; init; }

    /// <summary>File with that token, read for each request, so that it may be replaced; takes the place of <see cref="HubToken"/>.</summary>
    public string? HubTokenFile { get; init; }

    /// <summary>OTLP endpoints that get what is accepted; empty: nothing is passed on. A client gets its acknowledgement after every required one
    /// accepted, or has the data safe in its spool.</summary>
    public IReadOnlyList<DestinationOptions> Destinations { get; init; } = [];

    private const int LargestRequest = 512 * 1024 * 1024;

    /// <summary>Largest request, in bytes, as sent and after decompression. Default 64 MiB, as the OTLP specification advises; 1 KiB to 512 MiB.</summary>
    public int MaxRequestBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Who may send, how, and how much at once.</summary>
    public ReceiveOptions Receive { get; init; } = new();

    /// <summary>What goes out as metrics of the spans that come in.</summary>
    public MetricsOptions Metrics { get; init; } = new();

    /// <summary>Between two reports to the hub. Default 2 s.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Folder in which the gateway keeps the last sampling policy that the hub gave, to start with it while the hub is away; made when it is not
    /// there. Default null: nothing is kept.</summary>
    public string? StateFolder { get; init; }

    /// <summary>The sampling policy to go by until the hub gives one, where the state folder has none. Default null: everything is kept until then.</summary>
    public SamplingModel? Sampling { get; init; }

    /// <summary>Every problem, each naming the key, the value and what is accepted; empty when all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        foreach (var (key, endpoint) in new[] { ("--grpc", Grpc), ("--http", Http) })
        {
            if (!IPAddress.IsLoopback(endpoint.Address) && !Receive.IsGuarded)
            {
                problems.Add($"{key} {endpoint}: others than this machine could send; set --tls-cert and --tls-key, or --token-file, or use 127.0.0.1 or [::1]");
            }
        }

        problems.AddRange(Receive.Validate());
        problems.AddRange(DestinationOptions.ValidateAll(Destinations));

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
