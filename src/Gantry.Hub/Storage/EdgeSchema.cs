namespace Gantry.Hub.Storage;

/// <summary>The tables of edges and findings, and what a series that begins anew needs. Adds only what is not there, so that its place among the
/// steps of <see cref="SchemaParts"/> does not matter.</summary>
internal static class EdgeSchema
{
    private const string Tables = """
        CREATE TABLE IF NOT EXISTS peer_edge (id TEXT PRIMARY KEY, service TEXT NOT NULL, type INTEGER NOT NULL, name TEXT NOT NULL, system TEXT NOT NULL,
            address TEXT NOT NULL, last_seen INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS peer_edge_service ON peer_edge (service);
        CREATE TABLE IF NOT EXISTS edge_slot (edge TEXT NOT NULL, slot INTEGER NOT NULL, calls INTEGER NOT NULL, errors INTEGER NOT NULL,
            buckets BLOB NOT NULL, PRIMARY KEY (edge, slot)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS edge_total (gateway TEXT NOT NULL, edge TEXT NOT NULL, start INTEGER NOT NULL, calls INTEGER NOT NULL, failed INTEGER NOT NULL,
            buckets BLOB NOT NULL, last_seen INTEGER NOT NULL, PRIMARY KEY (gateway, edge)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS finding (service TEXT NOT NULL, code TEXT NOT NULL, subject TEXT NOT NULL, count INTEGER NOT NULL, example TEXT NOT NULL,
            first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, PRIMARY KEY (service, code, subject)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS finding_total (gateway TEXT NOT NULL, service TEXT NOT NULL, code TEXT NOT NULL, subject TEXT NOT NULL, count INTEGER NOT NULL,
            PRIMARY KEY (gateway, service, code, subject)) WITHOUT ROWID;
        """;

    public static void Add(SchemaChange change)
    {
        change.Run(Tables);
        // "before" is what a series counted before it began anew.
        change.AddColumn("red_total", "start", "INTEGER NOT NULL DEFAULT 0");
        change.AddColumn("red_total", "before", "INTEGER NOT NULL DEFAULT 0");
    }
}
