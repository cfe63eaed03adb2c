using System.Text.Json;

namespace Gantry.Hub.Storage;

/// <summary>The tables of evidence and agents.</summary>
internal static class CoreSchema
{
    // State that changes as a whole is one blob a row; series have a row an interval. Times are Unix milliseconds, slots are interval numbers.
    public const string Tables = """
        CREATE TABLE IF NOT EXISTS agent (uid TEXT PRIMARY KEY, message BLOB NOT NULL, last_seen INTEGER NOT NULL, transport TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS inventory (host TEXT PRIMARY KEY, agent TEXT NOT NULL, message BLOB NOT NULL, received INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS host (id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS service (id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS edge (caller TEXT NOT NULL, callee TEXT NOT NULL, last_seen INTEGER NOT NULL, PRIMARY KEY (caller, callee)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS gateway (id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, last_seen INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS red_total (gateway TEXT NOT NULL, service TEXT NOT NULL, operation TEXT NOT NULL, kind INTEGER NOT NULL, status INTEGER NOT NULL,
            source INTEGER NOT NULL, calls INTEGER NOT NULL, buckets BLOB NOT NULL,
            PRIMARY KEY (gateway, service, operation, kind, status, source)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS red_slot (service TEXT NOT NULL, source INTEGER NOT NULL, slot INTEGER NOT NULL, calls INTEGER NOT NULL, errors INTEGER NOT NULL,
            buckets BLOB NOT NULL, PRIMARY KEY (service, source, slot)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS operation_slot (service TEXT NOT NULL, operation TEXT NOT NULL, kind INTEGER NOT NULL, source INTEGER NOT NULL, slot INTEGER NOT NULL,
            calls INTEGER NOT NULL, errors INTEGER NOT NULL, buckets BLOB NOT NULL, PRIMARY KEY (service, operation, kind, source, slot)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS use_point (host TEXT NOT NULL, at INTEGER NOT NULL, point TEXT NOT NULL, PRIMARY KEY (host, at)) WITHOUT ROWID;
        """;

    /// <summary>Whether a gateway said that it stops.</summary>
    public static void AddLeft(SchemaChange change) => change.AddColumn("gateway", "has_left", "INTEGER NOT NULL DEFAULT 0");

    /// <summary>Schema 1 had shorter ids: they are made anew from the keys, in every table that names a service.</summary>
    public static void RenameServices(SchemaChange change)
    {
        var connection = change.Connection;
        var services = new List<(string Before, string Id)>();
        using (var command = HubDatabase.Command(connection, "SELECT id, state FROM service"))
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                services.Add((reader.GetString(0), JsonSerializer.Deserialize<StoredService>(reader.GetString(1))!.Key.Id));
            }
        }

        foreach (var (before, id) in services)
        {
            HubDatabase.Run(
                connection,
                """
                UPDATE service SET id = $id WHERE id = $before;
                UPDATE edge SET caller = $id WHERE caller = $before;
                UPDATE edge SET callee = $id WHERE callee = $before;
                UPDATE red_total SET service = $id WHERE service = $before;
                UPDATE red_slot SET service = $id WHERE service = $before;
                UPDATE operation_slot SET service = $id WHERE service = $before;
                """,
                ("$id", id), ("$before", before));
        }
    }
}
