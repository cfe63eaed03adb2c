using System.Data.Common;
using System.Text.Json;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Access;

/// <summary>The rows of credentials.</summary>
internal static class AccessTable
{
    /// <summary>Told of with each change.</summary>
    public const string Topic = "access";

    public const string Schema = """
        CREATE TABLE IF NOT EXISTS credential (id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL, role INTEGER NOT NULL, session INTEGER NOT NULL,
            parent TEXT NOT NULL, replaces TEXT NOT NULL, agent TEXT NOT NULL, attributes TEXT NOT NULL, most_uses INTEGER NOT NULL, uses INTEGER NOT NULL,
            created INTEGER NOT NULL, created_by TEXT NOT NULL, expires INTEGER NOT NULL, revoked INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private const string Columns =
        "id, hash, name, role, session, parent, replaces, agent, attributes, most_uses, uses, created, created_by, expires, revoked, used, offered, certificate, settings";

    /// <summary>Rows of before are in use, but for those that replace another.</summary>
    public static void AddHandedOver(SchemaChange change)
    {
        foreach (var column in (ReadOnlySpan<string>)["used", "offered", "certificate", "settings"])
        {
            change.AddColumn("credential", column, "INTEGER NOT NULL DEFAULT 0");
        }

        change.Run("UPDATE credential SET used = created WHERE replaces = ''");
    }

    public static IReadOnlyList<Credential> Load(HubDatabase database)
    {
        using var connection = database.Open();
        using var command = HubDatabase.Command(connection, $"SELECT {Columns} FROM credential");
        using var reader = command.ExecuteReader();
        var credentials = new List<Credential>();
        // Of 50 agents that came with one token, all have its attributes and its id: once in memory.
        var attributes = new Dictionary<string, IReadOnlyDictionary<string, string>>();
        var texts = new HashSet<string>();
        while (reader.Read())
        {
            credentials.Add(Read(reader, attributes, texts));
        }

        return credentials;
    }

    public static void Add(DbConnection connection, Credential credential) => HubDatabase.Run(
        connection,
        $"INSERT INTO credential ({Columns}) VALUES ($id, $hash, $name, $role, $session, $parent, $replaces, $agent, $attributes, $most_uses, $uses, $created, $created_by, $expires, $revoked, $used, $offered, $certificate, $settings)",
        ("$id", credential.Id), ("$hash", credential.Hash.ToString()), ("$name", credential.Name), ("$role", (int)credential.Role), ("$session", credential.IsSession ? 1 : 0),
        ("$parent", credential.Parent), ("$replaces", credential.Replaces), ("$agent", Uids(credential)), ("$attributes", credential.AttributesJson),
        ("$most_uses", credential.MostUses), ("$uses", credential.Uses), ("$created", credential.Created.ToUnixTimeMilliseconds()), ("$created_by", credential.CreatedBy),
        ("$expires", Milliseconds(credential.Expires)), ("$revoked", Milliseconds(credential.Revoked)),
        ("$used", Milliseconds(credential.Used)), ("$offered", credential.IsOffered ? 1 : 0), ("$certificate", credential.IsCertificate ? 1 : 0), ("$settings", credential.Settings));

    /// <returns>False: it was revoked, or is not there.</returns>
    public static bool Revoke(DbConnection connection, string id, DateTimeOffset at) =>
        HubDatabase.Run(connection, "UPDATE credential SET revoked = $at WHERE id = $id AND revoked = 0", ("$id", id), ("$at", at.ToUnixTimeMilliseconds())) > 0;

    /// <summary>Counted by the database: of two nodes with one use left, one gets it.</summary>
    /// <returns>False: there is no use left, or it ended.</returns>
    public static bool TryUse(DbConnection connection, string id, DateTimeOffset now) => HubDatabase.Run(
        connection,
        """
        UPDATE credential SET uses = uses + 1
            WHERE id = $id AND revoked = 0 AND (expires = 0 OR expires > $now) AND (most_uses = 0 OR uses < most_uses)
        """,
        ("$id", id), ("$now", now.ToUnixTimeMilliseconds())) > 0;

    /// <returns>False: another node has seen it before, or it is not there.</returns>
    public static bool Use(DbConnection connection, string id, DateTimeOffset at) =>
        HubDatabase.Run(connection, "UPDATE credential SET used = $at WHERE id = $id AND used = 0", ("$id", id), ("$at", at.ToUnixTimeMilliseconds())) > 0;

    /// <summary>What was handed over and never used: given anew, it ends without a trace.</summary>
    public static void Withdraw(DbConnection connection, string id) =>
        HubDatabase.Run(connection, "DELETE FROM credential WHERE id = $id AND used = 0 AND revoked = 0", ("$id", id));

    /// <summary>Asked where it is written, for another node or a moment ago may have revoked it. The row stays locked until the end.</summary>
    public static bool IsGood(DbConnection connection, string id) =>
        HubDatabase.Run(connection, "UPDATE credential SET uses = uses WHERE id = $id AND revoked = 0", ("$id", id)) > 0;

    public static void SetUids(DbConnection connection, Credential credential) =>
        HubDatabase.Run(connection, "UPDATE credential SET agent = $agent WHERE id = $id", ("$id", credential.Id), ("$agent", Uids(credential)));

    /// <summary>Sessions that are over; nothing refers to them.</summary>
    public static void ForgetSessions(DbConnection connection, DateTimeOffset now) =>
        HubDatabase.Run(connection, "DELETE FROM credential WHERE session = 1 AND expires < $now", ("$now", now.ToUnixTimeMilliseconds()));

    private static Credential Read(DbDataReader row, Dictionary<string, IReadOnlyDictionary<string, string>> known, HashSet<string> texts)
    {
        var uids = row.GetString(7).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Guid.Parse).ToArray();
        if (!known.TryGetValue(row.GetString(8), out var attributes))
        {
            known.Add(row.GetString(8), attributes = JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(8))!);
        }

        return new Credential(
            row.GetString(0), TokenHash.Parse(row.GetString(1)), row.GetString(2), (Role)row.GetInt32(3), row.GetInt64(4) == 1, Once(row.GetString(5)), row.GetString(6),
            uids.FirstOrDefault(), attributes, row.GetInt64(9), row.GetInt64(10), Time(row.GetInt64(11))!.Value, Once(row.GetString(12)), Time(row.GetInt64(13)), Time(row.GetInt64(14)))
        {
            Used = Time(row.GetInt64(15)),
            IsOffered = row.GetInt64(16) == 1,
            IsCertificate = row.GetInt64(17) == 1,
            Settings = row.GetInt64(18),
            OtherUids = uids.Length > 1 ? uids[1..] : null,
        };

        string Once(string text)
        {
            texts.Add(text);
            return texts.TryGetValue(text, out var first) ? first : text;
        }
    }

    private static string Uids(Credential credential) => credential.IsBound ? string.Join(' ', [credential.AgentUid, .. credential.OtherUids ?? []]) : "";

    private static long Milliseconds(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds() ?? 0;

    private static DateTimeOffset? Time(long milliseconds) => milliseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
