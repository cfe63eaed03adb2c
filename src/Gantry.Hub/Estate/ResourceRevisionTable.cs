using System.Data.Common;
using Gantry.Estate.Resources;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Estate;

/// <summary>Every revision of every resource.</summary>
internal static class ResourceRevisionTable
{
    /// <summary>What was declared before has its newest revision.</summary>
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS resource_revision (version INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, generation INTEGER NOT NULL, operation TEXT NOT NULL,
            document TEXT NOT NULL, source TEXT NOT NULL, owner TEXT NOT NULL, at INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS resource_revision_name ON resource_revision (kind, name, version);
        INSERT INTO resource_revision SELECT version, kind, name, generation, 'insert', document, source, owner, applied FROM resource WHERE 1 = 1 ON CONFLICT DO NOTHING;
        """;

    private const string Columns = "kind, name, version, generation, operation, source, owner, at";

    public static void Add(DbConnection connection, ResourceEdit edit) => HubDatabase.Run(
        connection,
        "INSERT INTO resource_revision (version, kind, name, generation, operation, document, source, owner, at) VALUES ($version, $kind, $name, $generation, $operation, $document, $source, $owner, $at)",
        ("$version", edit.Version), ("$kind", edit.Resource.Kind.Kind), ("$name", edit.Resource.Name), ("$generation", edit.Resource.Generation),
        ("$operation", edit.Operation.ToString().ToLowerInvariant()), ("$document", edit.Resource.Text), ("$source", edit.Source), ("$owner", edit.Owner), ("$at", edit.At.ToUnixTimeMilliseconds()));

    /// <summary>Newest first, without their documents.</summary>
    public static IReadOnlyList<ResourceRevision> Of(HubDatabase database, ResourceKind kind, int most)
    {
        using var connection = database.Open();
        using var command = HubDatabase.Command(
            connection, $"SELECT {Columns}, '' FROM resource_revision WHERE kind = $kind ORDER BY version DESC LIMIT $most", ("$kind", kind.Kind), ("$most", most));
        return Read(command);
    }

    /// <summary>Newest first, with their documents.</summary>
    public static IReadOnlyList<ResourceRevision> Of(HubDatabase database, ResourceKind kind, string name, int most)
    {
        using var connection = database.Open();
        using var command = HubDatabase.Command(
            connection, $"SELECT {Columns}, document FROM resource_revision WHERE kind = $kind AND name = $name ORDER BY version DESC LIMIT $most", ("$kind", kind.Kind), ("$name", name), ("$most", most));
        return Read(command);
    }

    public static ResourceRevision? Find(HubDatabase database, long version)
    {
        using var connection = database.Open();
        using var command = HubDatabase.Command(connection, $"SELECT {Columns}, document FROM resource_revision WHERE version = $version", ("$version", version));
        return Read(command).FirstOrDefault();
    }

    private static List<ResourceRevision> Read(DbCommand command)
    {
        var revisions = new List<ResourceRevision>();
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            revisions.Add(new ResourceRevision(
                reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetString(4), reader.GetString(5), reader.GetString(6),
                DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(7)), reader.GetString(8)));
        }

        return revisions;
    }
}
