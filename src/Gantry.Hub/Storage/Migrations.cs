using System.Data.Common;

namespace Gantry.Hub.Storage;

/// <summary>
/// Brings a database to the tables of this version, or refuses one of a newer version and leaves it alone. All in one transaction, and with PostgreSQL one
/// node at a time: the second finds it done.
/// </summary>
internal static class Migrations
{
    // SQLite's own version number: below it is that of the whole file, from before there were parts. An older Gantry reads it and refuses the file.
    private const int WithParts = 5;

    private const string Parts = "CREATE TABLE IF NOT EXISTS schema_part (name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID;";

    private static readonly string SetVersion = Upsert.Of("schema_part", "name", "version");

    /// <exception cref="HubStorageException">It was written by a newer version.</exception>
    public static void Run(DbConnection connection, StorageEngine engine)
    {
        using var transaction = connection.BeginTransaction();
        engine.OneAtATime(connection, "gantry schema");
        var change = new SchemaChange(connection, engine);
        var file = change.IsSqlite ? change.Number("PRAGMA user_version") : WithParts;
        Refuse(engine, "schema", file, WithParts);
        change.Run(Parts);
        var versions = Versions(connection);
        if (file is > 0 and < WithParts)
        {
            versions[SchemaParts.Core] = file;
        }

        foreach (var (part, version) in versions)
        {
            Refuse(engine, $"part {part} schema", version, SchemaParts.All.FirstOrDefault(known => known.Name == part)?.Steps.Length ?? 0);
        }

        foreach (var part in SchemaParts.All)
        {
            foreach (var step in part.Steps.Skip((int)versions.GetValueOrDefault(part.Name)))
            {
                step.Run(change);
            }

            HubDatabase.Run(connection, SetVersion, ("$name", part.Name), ("$version", part.Steps.Length));
        }

        if (change.IsSqlite)
        {
            HubDatabase.Run(connection, $"PRAGMA user_version = {WithParts}");
        }

        transaction.Commit();
    }

    private static void Refuse(StorageEngine engine, string what, long version, long known)
    {
        if (version > known)
        {
            var known0 = known == 0 ? "knows none" : $"knows {known}";
            throw new HubStorageException($"{engine.Place} was written by another version of Gantry ({what} {version}, this one {known0}); use that version, or another --data folder or --database");
        }
    }

    private static Dictionary<string, long> Versions(DbConnection connection)
    {
        var versions = new Dictionary<string, long>();
        using var command = HubDatabase.Command(connection, "SELECT name, version FROM schema_part");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            versions[reader.GetString(0)] = reader.GetInt64(1);
        }

        return versions;
    }
}
