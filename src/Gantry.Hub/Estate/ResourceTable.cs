using Gantry.Estate.Resources;
using Gantry.Hub.Storage;
using Microsoft.Data.Sqlite;

namespace Gantry.Hub.Estate;

/// <summary>The rows of resources. A kind that this version does not know stays in its row, untouched.</summary>
internal static class ResourceTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS resource (kind TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, generation INTEGER NOT NULL, version INTEGER NOT NULL,
            source TEXT NOT NULL, created INTEGER NOT NULL, applied INTEGER NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS estate (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL);
        INSERT OR IGNORE INTO estate VALUES (1, 0);
        """;

    /// <summary>Schema 5: owners.</summary>
    public const string AddOwner = "ALTER TABLE resource ADD COLUMN owner TEXT NOT NULL DEFAULT 'api';";

    private const string Next = "UPDATE estate SET version = $version WHERE id = 1;";

    public static (long Version, IReadOnlyList<StoredResource> Resources) Load(HubDatabase database)
    {
        using var connection = database.Open();
        using var ask = HubDatabase.Command(connection, "SELECT version FROM estate");
        var version = (long)ask.ExecuteScalar()!;
        using var command = HubDatabase.Command(connection, "SELECT kind, name, document, generation, version, source, created, applied, owner FROM resource ORDER BY kind, name");
        using var reader = command.ExecuteReader();
        var resources = new List<StoredResource>();
        while (reader.Read())
        {
            if (ResourceKinds.All.FirstOrDefault(kind => kind.Kind == reader.GetString(0)) is { } kind)
            {
                resources.Add(Read(kind, reader));
            }
        }

        return (version, resources);
    }

    /// <summary>All of them, or none.</summary>
    public static void Write(HubDatabase database, IReadOnlyList<ResourceEdit> edits)
    {
        using var connection = database.OpenDurable();
        using var transaction = connection.BeginTransaction();
        foreach (var edit in edits)
        {
            if (edit.Operation == RevisionOperation.Delete)
            {
                HubDatabase.Run(connection, "DELETE FROM resource WHERE kind = $kind AND name = $name", ("$kind", edit.Resource.Kind.Kind), ("$name", edit.Resource.Name));
            }
            else
            {
                Write(connection, edit.Resource);
            }

            ResourceRevisionTable.Add(connection, edit);
        }

        HubDatabase.Run(connection, Next, ("$version", edits[^1].Version));
        transaction.Commit();
    }

    private static void Write(SqliteConnection connection, StoredResource resource) => HubDatabase.Run(
        connection,
        "INSERT OR REPLACE INTO resource (kind, name, document, generation, version, source, created, applied, owner) VALUES ($kind, $name, $document, $generation, $version, $source, $created, $applied, $owner)",
        ("$kind", resource.Kind.Kind), ("$name", resource.Name), ("$document", resource.Text), ("$generation", resource.Generation), ("$version", resource.Version),
        ("$source", resource.Source), ("$created", resource.Created.ToUnixTimeMilliseconds()), ("$applied", resource.Applied.ToUnixTimeMilliseconds()), ("$owner", resource.Owner));

    private static StoredResource Read(ResourceKind kind, SqliteDataReader row)
    {
        var (name, text) = (row.GetString(1), row.GetString(2));
        var problems = new ResourceProblems($"{kind.Plural}/{name}");
        var documents = ResourceText.Read(text, problems);
        var document = problems.All.Count == 0 && documents is [var only] && only.Kind == kind && only.Name == name ? only : null;
        return new StoredResource(
            kind, name, document, text, row.GetInt64(3), row.GetInt64(4), row.GetString(5),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)),
            document is not null ? "" : problems.All.Count > 0 ? problems.All[0].ToString() : "the stored document is another one",
            row.GetString(8));
    }
}
