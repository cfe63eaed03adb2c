using System.Data.Common;
using Gantry.Estate.Resources;
using Gantry.Hub.Access;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Estate;

/// <summary>The rows of resources. A kind that this version does not know stays in its row, untouched.</summary>
internal static class ResourceTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS resource (kind TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, generation INTEGER NOT NULL, version INTEGER NOT NULL,
            source TEXT NOT NULL, created INTEGER NOT NULL, applied INTEGER NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS estate (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL);
        INSERT INTO estate VALUES (1, 0) ON CONFLICT DO NOTHING;
        """;

    /// <summary>Told of with each change.</summary>
    public const string Topic = "estate";

    private const string Next = "UPDATE estate SET version = $version WHERE id = 1 AND version = $before";

    private static readonly string UpsertResource = Upsert.Of("resource", "kind, name", "document, generation, version, source, created, applied, owner");

    /// <summary>Owners, and revisions.</summary>
    public static void AddOwners(SchemaChange change)
    {
        change.AddColumn("resource", "owner", "TEXT NOT NULL DEFAULT 'api'");
        change.Run(ResourceRevisionTable.Schema);
    }

    /// <summary>Of the whole estate: one more with each change, whoever makes it.</summary>
    public static long Version(HubDatabase database)
    {
        using var connection = database.Open();
        return Version(connection);
    }

    /// <summary>The version is read first: should a change come in between, it is too old, and the next look reads all again.</summary>
    public static (long Version, IReadOnlyList<StoredResource> Resources) Load(HubDatabase database)
    {
        using var connection = database.Open();
        var version = Version(connection);
        using var command = HubDatabase.Command(connection, "SELECT kind, name, document, generation, version, source, created, applied, owner FROM resource");
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

    /// <summary>
    /// All of them, or none. Compare and set: of two that build on one version of the estate, the database lets one through, whichever nodes they are on.
    /// </summary>
    /// <param name="before">The estate that they build on.</param>
    /// <returns>False: somebody else was first. Nothing was written.</returns>
    public static bool TryWrite(HubDatabase database, IReadOnlyList<ResourceEdit> edits, EstateContent before)
    {
        using var connection = database.OpenDurable();
        using var transaction = connection.BeginTransaction();
        if (HubDatabase.Run(connection, Next, ("$version", edits[^1].Version), ("$before", before.Version)) == 0)
        {
            return false;
        }

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
            var from = before.Find(edit.Resource.Kind, edit.Resource.Name)?.Version ?? 0;
            AuditTable.Add(
                connection, edit.At, edit.Operation == RevisionOperation.Delete ? "delete" : "apply", $"{edit.Resource.Kind.Kind}/{edit.Resource.Name}", from, edit.Version,
                $"source {edit.Source}, owner {edit.Owner}");
        }

        ChangeFeed.Tell(connection, Topic);
        transaction.Commit();
        return true;
    }

    private static void Write(DbConnection connection, StoredResource resource) => HubDatabase.Run(
        connection, UpsertResource,
        ("$kind", resource.Kind.Kind), ("$name", resource.Name), ("$document", resource.Text), ("$generation", resource.Generation), ("$version", resource.Version),
        ("$source", resource.Source), ("$created", resource.Created.ToUnixTimeMilliseconds()), ("$applied", resource.Applied.ToUnixTimeMilliseconds()), ("$owner", resource.Owner));

    private static long Version(DbConnection connection)
    {
        using var ask = HubDatabase.Command(connection, "SELECT version FROM estate");
        return (long)ask.ExecuteScalar()!;
    }

    private static StoredResource Read(ResourceKind kind, DbDataReader row)
    {
        var (name, text) = (row.GetString(1), row.GetString(2));
        var problems = new ResourceProblems($"{kind.Plural}/{name}") { IsStored = true };
        var documents = ResourceText.Read(text, problems);
        var document = problems.All.Count == 0 && documents is [var only] && only.Kind == kind && only.Name == name ? only : null;
        return new StoredResource(
            kind, name, document, text, row.GetInt64(3), row.GetInt64(4), row.GetString(5),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)),
            document is not null ? "" : problems.All.Count > 0 ? problems.All[0].ToString() : "the stored document is another one",
            row.GetString(8));
    }
}
