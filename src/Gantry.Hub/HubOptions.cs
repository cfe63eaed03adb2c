using System.Net;

namespace Gantry.Hub;

/// <summary>Settings of a hub process.</summary>
public sealed record HubOptions
{
    /// <summary>Web pages, REST, OpAMP. Default 127.0.0.1:4320; port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 4320);

    /// <summary>Folder of the SQLite database; made when it is not there.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Connection string of a PostgreSQL for all state, which other hub nodes may share; null: a SQLite file in <see cref="DataFolder"/>. May hold a
    /// password, so it is never shown.</summary>
    public string? Database { get; init; }

    /// <summary>Where other nodes on the same database reach this one; null: where it listens, by the machine's name when it listens everywhere.</summary>
    public Uri? Advertise { get; init; }

    /// <summary>PEM file with the certificate to show, its intermediates behind it; null: no TLS.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM file with its private key, not encrypted.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>Settings of the OpAMP door.</summary>
    public Fleet.FleetOptions Fleet { get; init; } = new();

    /// <summary>Whether a source of the Fleet Management API overwrites pipelines of another one that have the same name. Default: it is refused.</summary>
    public bool SyncTakesOver { get; init; }

    /// <summary>Every problem, each naming the key, the value and what is accepted; empty when all is well.</summary>
    public IReadOnlyList<string> Validate()
    {
        var problems = new List<string>();
        if (Certificate is null != CertificateKey is null)
        {
            problems.Add($"{(Certificate is null ? "--tls-key" : "--tls-cert")}: goes with {(Certificate is null ? "--tls-cert" : "--tls-key")}; give both or none");
        }

        foreach (var (name, file) in new[] { ("--tls-cert", Certificate), ("--tls-key", CertificateKey) })
        {
            if (file is not null && !File.Exists(file))
            {
                problems.Add($"{name} {file}: there is no such file");
            }
        }

        return problems;
    }
}
