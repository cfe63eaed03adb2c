using System.Data.Common;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Nodes;

/// <summary>The nodes on one database, and which of them observes. Times are the database's, so that nodes need not agree on the hour.</summary>
internal static class NodeTable
{
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS node (id TEXT PRIMARY KEY, address TEXT NOT NULL, seen INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS lease (name TEXT PRIMARY KEY, node TEXT NOT NULL) WITHOUT ROWID;
        """;

    private const string Observer = "observer";

    // A node tells of itself each second.
    private const int AliveMilliseconds = 5000;

    private const string Now = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    public static void Create(SchemaChange change)
    {
        change.Run(Tables);
        // Who has the connection of an agent, and which change of all agents wrote the row.
        change.AddColumn("agent", "node", "TEXT NOT NULL DEFAULT ''");
        change.AddColumn("agent", "connected", "INTEGER NOT NULL DEFAULT 0");
        change.AddColumn("agent", "generation", "INTEGER NOT NULL DEFAULT 0");
    }

    public static void Live(DbConnection connection, string id, string address) => HubDatabase.Run(
        connection,
        $"""
        INSERT INTO node (id, address, seen) VALUES ($id, $address, {Now}) ON CONFLICT (id) DO UPDATE SET address = excluded.address, seen = excluded.seen;
        DELETE FROM node WHERE seen < {Now} - 86400000;
        """,
        ("$id", id), ("$address", address));

    public static void Leave(DbConnection connection, string id) => HubDatabase.Run(connection, "DELETE FROM node WHERE id = $id", ("$id", id));

    /// <returns>Addresses by id, of those that told of themselves within five seconds.</returns>
    public static Dictionary<string, string> Alive(DbConnection connection)
    {
        var nodes = new Dictionary<string, string>();
        using var command = HubDatabase.Command(connection, $"SELECT id, address FROM node WHERE seen > {Now} - {AliveMilliseconds}");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            nodes.Add(reader.GetString(0), reader.GetString(1));
        }

        return nodes;
    }

    public static void TakeLease(DbConnection connection, string id) => HubDatabase.Run(connection, Upsert.Of("lease", "name", "node"), ("$name", Observer), ("$node", id));

    /// <returns>"" when nobody ever had it.</returns>
    public static string Holder(DbConnection connection)
    {
        using var command = HubDatabase.Command(connection, "SELECT node FROM lease WHERE name = $name", ("$name", Observer));
        return (string?)command.ExecuteScalar() ?? "";
    }
}
