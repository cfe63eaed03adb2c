using Gantry.Gateway.Compression;
using Gantry.Gateway.Receive.Access;

namespace Gantry.Gateway.Receive;

/// <summary>Who may send, how, and how much at once.</summary>
public sealed record ReceiveOptions
{
    private const long LeastInFlight = 1024 * 1024;
    private const long MostInFlight = 64L * 1024 * 1024 * 1024;

    /// <summary>PEM file with the certificate that the gateway shows, followed by its intermediates. Null: no TLS. Read again when it changes.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file with the certificate's private key, not encrypted. Read again when it changes.</summary>
    public string? KeyFile { get; init; }

    /// <summary>PEM file with the authorities whose client certificates are accepted; with it, a client without one is refused. Null: none is asked
    /// for. Read again when it changes.</summary>
    public string? ClientCaFile { get; init; }

    /// <summary>File with the bearer tokens that are accepted, one a line; empty lines and lines that begin with # do not count. Null: no token is
    /// asked for, unless <see cref="TokenVariable"/> is set. Read again when it changes.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Name of an environment variable with tokens, separated by white space; they are accepted beside those of the file.</summary>
    public string? TokenVariable { get; init; }

    /// <summary>Origins of web pages that may send, such as <c>https://shop.example</c> or <c>https://*.shop.example</c>. Empty: none.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Headers that such pages may set.</summary>
    public IReadOnlyList<string> CorsHeaders { get; init; } = ["content-type", "content-encoding", "authorization"];

    /// <summary>How long a browser may remember that. Default two hours, the most that browsers heed.</summary>
    public TimeSpan CorsMaxAge { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Bytes of requests that are held at once, as sent and as inflated. Default 64 MiB; one request may go over it by its own size, so that
    /// the largest one always gets through. 1 MiB to 64 GiB.</summary>
    public long MaxInFlightBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Requests that wait for room at once; the next one is refused without waiting. Default 1,000.</summary>
    public int MaxWaiting { get; init; } = 1000;

    /// <summary>How long a request waits for room before it is refused. Default 5 s: to hold a sender back costs next to nothing, to refuse it much of what serving it would; and exporters give up after 10 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Between two looks at the files. Default 1 s.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For a test of machines that lack it.</summary>
    internal bool Zstd { get; init; } = Compression.Zstd.IsAvailable;

    /// <summary>How long a connection may take until it shows whether it speaks HTTP/1.1 or HTTP/2. Default 30 s.</summary>
    internal TimeSpan FirstBytesWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A body of which less than 5 KiB come in this time is too slow. Default 5 s.</summary>
    internal TimeSpan StallPeriod { get; init; } = TimeSpan.FromSeconds(5);

    internal bool HasTls => CertificateFile is not null || KeyFile is not null;

    internal bool HasTokens => TokenFile is not null || TokenVariable is not null;

    /// <summary>Is there anything that keeps strangers out?</summary>
    internal bool IsGuarded => HasTls || HasTokens;

    /// <summary>Every problem, each naming the key, the value and what is accepted. Looks at the files.</summary>
    internal IEnumerable<string> Validate()
    {
        if (MaxInFlightBytes is < LeastInFlight or > MostInFlight)
        {
            yield return $"--max-in-flight {MaxInFlightBytes}: expected {LeastInFlight} to {MostInFlight} bytes";
        }

        if (ServerTls.Check(this) is { } tls)
        {
            yield return tls;
        }

        if (AccessTokens.Check(this) is { } tokens)
        {
            yield return tokens;
        }

        foreach (var problem in Cors.Check(this))
        {
            yield return problem;
        }
    }
}
