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

    /// <summary>Settings of the OpAMP door.</summary>
    public Fleet.FleetOptions Fleet { get; init; } = new();

    /// <summary>Whether a source of the Fleet Management API overwrites pipelines of another one that have the same name. Default: it is refused.</summary>
    public bool SyncTakesOver { get; init; }

    /// <summary>Every problem, each naming the key, the value and what is accepted; empty when all is well.</summary>
    public IReadOnlyList<string> Validate() => IPAddress.IsLoopback(Listen.Address)
        ? []
        : [$"--listen {Listen}: only loopback addresses are accepted until access control exists; use 127.0.0.1 or [::1]"];
}
