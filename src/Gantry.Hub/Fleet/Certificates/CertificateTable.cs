using System.Data.Common;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Fleet.Certificates;

/// <summary>The hub's own authority, the newest key of each agent, and requests that wait. The only place of this room that knows SQL.</summary>
internal static class CertificateTable
{
    /// <summary>Told of with each request that waits or is decided.</summary>
    public const string Topic = "signing";

    public const string Schema = """
        CREATE TABLE IF NOT EXISTS authority (id INTEGER PRIMARY KEY, certificate BLOB NOT NULL, private_key BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS agent_key (agent TEXT PRIMARY KEY, public_key TEXT NOT NULL, credential TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS signing_request (agent TEXT PRIMARY KEY, csr BLOB NOT NULL, public_key TEXT NOT NULL, at INTEGER NOT NULL, state INTEGER NOT NULL,
            decided_by TEXT NOT NULL) WITHOUT ROWID;
        """;

    private static readonly string UpsertKey = Upsert.Of("agent_key", "agent", "public_key, credential");
    private static readonly string UpsertRequest = Upsert.Of("signing_request", "agent", "csr, public_key, at, state, decided_by");

    /// <returns>Certificate and PKCS #8 key, both DER: those that are there, or else those given. Of two nodes that start together, one makes it.</returns>
    public static (byte[] Certificate, byte[] Key) Authority(HubDatabase database, Func<(byte[] Certificate, byte[] Key)> make)
    {
        using var connection = database.OpenDurable();
        if (ReadAuthority(connection) is { } known)
        {
            return known;
        }

        var (certificate, key) = make();
        HubDatabase.Run(
            connection, "INSERT INTO authority (id, certificate, private_key) VALUES (1, $certificate, $key) ON CONFLICT (id) DO NOTHING", ("$certificate", certificate), ("$key", key));
        return ReadAuthority(connection)!.Value;
    }

    /// <returns>Null: it never had a certificate.</returns>
    public static (string PublicKey, string Credential)? KeyOf(HubDatabase database, Guid agent)
    {
        using var connection = database.Open();
        using var command = HubDatabase.Command(connection, "SELECT public_key, credential FROM agent_key WHERE agent = $agent", ("$agent", agent.ToString()));
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetString(0), reader.GetString(1)) : null;
    }

    public static void SetKey(HubDatabase database, Guid agent, string publicKey, string credential)
    {
        using var connection = database.OpenDurable();
        HubDatabase.Run(connection, UpsertKey, ("$agent", agent.ToString()), ("$public_key", publicKey), ("$credential", credential));
    }

    public static List<StoredRequest> Requests(HubDatabase database)
    {
        using var connection = database.Open();
        using var command = HubDatabase.Command(connection, "SELECT agent, csr, public_key, at, state, decided_by FROM signing_request ORDER BY at");
        using var reader = command.ExecuteReader();
        var requests = new List<StoredRequest>();
        while (reader.Read())
        {
            requests.Add(new StoredRequest(
                Guid.Parse(reader.GetString(0)), reader.GetFieldValue<byte[]>(1), reader.GetString(2), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3)),
                (RequestState)reader.GetInt64(4), reader.GetString(5)));
        }

        return requests;
    }

    public static void Put(DbConnection connection, StoredRequest request) => HubDatabase.Run(
        connection, UpsertRequest, ("$agent", request.Agent.ToString()), ("$csr", request.Csr), ("$public_key", request.PublicKey), ("$at", request.At.ToUnixTimeMilliseconds()),
        ("$state", (long)request.State), ("$decided_by", request.DecidedBy));

    public static void Remove(DbConnection connection, Guid agent) => HubDatabase.Run(connection, "DELETE FROM signing_request WHERE agent = $agent", ("$agent", agent.ToString()));

    private static (byte[], byte[])? ReadAuthority(DbConnection connection)
    {
        using var command = HubDatabase.Command(connection, "SELECT certificate, private_key FROM authority WHERE id = 1");
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1)) : null;
    }
}

internal enum RequestState
{
    Waiting = 0,
    Approved = 1,
    Refused = 2,
}

/// <param name="PublicKey">SHA-256 of the subject public key info, hexadecimal.</param>
/// <param name="DecidedBy">"" while it waits.</param>
internal sealed record StoredRequest(Guid Agent, byte[] Csr, string PublicKey, DateTimeOffset At, RequestState State, string DecidedBy)
{
    public SigningRow ToRow() => new(Agent, State.ToString().ToLowerInvariant(), At, PublicKey, DecidedBy);
}

/// <summary>A signing request, as lists show it.</summary>
/// <param name="State">"waiting", or "approved" or "refused" and the agent has not come for it yet.</param>
/// <param name="PublicKey">SHA-256 of its key, hexadecimal; the agent's operator can compare it.</param>
public sealed record SigningRow(Guid Agent, string State, DateTimeOffset At, string PublicKey, string DecidedBy);
