using System.Data.Common;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Access;

/// <summary>One line of the audit log. Never holds a secret: who, what and where, by their names.</summary>
/// <param name="Sequence">Rises; never used twice.</param>
/// <param name="What">"apply", "delete", "token.create", "denied", …</param>
/// <param name="Resource">What it was done to: "SamplingPolicy/checkout"; the path of a denied request.</param>
/// <param name="FromVersion">Of the estate, before; 0 where there was none.</param>
/// <param name="ToVersion">After; 0 where there is none.</param>
/// <param name="Address">Where the request came from.</param>
public sealed record AuditRow(long Sequence, DateTimeOffset At, string Who, string What, string Resource, long FromVersion, long ToVersion, string Address, string Detail);

/// <summary>The audit log. The database itself refuses to change or delete a line.</summary>
internal static class AuditTable
{
    public const string Denied = "denied";

    private const int LongestText = 500;

    private const string Columns = "at, who, what, resource, from_version, to_version, address, detail";

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS audit (sequence INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, resource TEXT NOT NULL,
            from_version INTEGER NOT NULL, to_version INTEGER NOT NULL, address TEXT NOT NULL, detail TEXT NOT NULL);
        """;

    private const string OnSqlite = """
        CREATE TRIGGER IF NOT EXISTS audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
        """;

    // A body in single quotes: the driver then sees no parameters in it.
    private const string OnPostgres = """
        CREATE OR REPLACE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''the audit log is append-only''; END';
        CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_stays();
        """;

    public static void Create(SchemaChange change)
    {
        change.Run(Tables);
        change.Run(change.IsSqlite ? OnSqlite : OnPostgres);
    }

    /// <summary>In the transaction of what it tells, so that neither is there without the other.</summary>
    public static void Add(DbConnection connection, DateTimeOffset at, string what, string resource, long fromVersion = 0, long toVersion = 0, string detail = "")
    {
        var actor = Actor.Current;
        actor.IsAudited = true;
        Add(connection, new AuditRow(0, at, actor.Who, what, resource, fromVersion, toVersion, actor.Address, detail));
    }

    public static void Add(DbConnection connection, AuditRow row) => HubDatabase.Run(
        connection,
        $"INSERT INTO audit ({Columns}) VALUES ($at, $who, $what, $resource, $from_version, $to_version, $address, $detail)",
        ("$at", row.At.ToUnixTimeMilliseconds()), ("$who", Cut(row.Who)), ("$what", Cut(row.What)), ("$resource", Cut(row.Resource)),
        ("$from_version", row.FromVersion), ("$to_version", row.ToVersion), ("$address", Cut(row.Address)), ("$detail", Cut(row.Detail)));

    /// <summary>The newest first.</summary>
    /// <param name="before">Only lines below this sequence; 0 for all.</param>
    /// <param name="what">Only these, with commas between; "" for all.</param>
    /// <param name="about">Only those whose who, resource or address has this in it; "" for all.</param>
    public static IReadOnlyList<AuditRow> Read(HubDatabase database, int most, long before, string what, string about)
    {
        using var connection = database.Open();
        using var command = HubDatabase.Command(
            connection,
            $"""
            SELECT sequence, {Columns} FROM audit
                WHERE ($before = 0 OR sequence < $before) AND ($what = '' OR replace($what, ',' || what || ',', '') <> $what)
                AND ($about = '' OR replace(who || ' ' || resource || ' ' || address, $about, '') <> who || ' ' || resource || ' ' || address)
                ORDER BY sequence DESC LIMIT $most
            """,
            ("$before", before), ("$what", what.Length > 0 ? $",{what}," : ""), ("$about", about), ("$most", most));
        using var reader = command.ExecuteReader();
        var rows = new List<AuditRow>();
        while (reader.Read())
        {
            rows.Add(new AuditRow(
                reader.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                reader.GetInt64(5), reader.GetInt64(6), reader.GetString(7), reader.GetString(8)));
        }

        return rows;
    }

    private static string Cut(string text)
    {
        var clean = string.Concat(text.Where(c => !char.IsControl(c)));
        return clean.Length > LongestText ? clean[..LongestText] + "…" : clean;
    }
}
