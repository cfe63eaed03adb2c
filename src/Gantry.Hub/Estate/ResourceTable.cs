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

    private const string Next = "UPDATE estate SET version = $version WHERE id = 1 AND version = $version - 1";

    private static readonly string UpsertResource = Upsert.Of("resource", "kind, name", "document, generation, version, source, created, applied");

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
        using var command = HubDatabase.Command(connection, "SELECT kind, name, document, generation, version, source, created, applied FROM resource");
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

    /// <param name="from">The resource's version before; 0 when it was not there.</param>
    /// <returns>False: the estate is no longer in the version before that of <paramref name="resource"/>, somebody else was first. Nothing was written.</returns>
    public static bool TryWrite(HubDatabase database, StoredResource resource, long from) => TryChange(
        database, resource, from, resource.Version, resource.Applied, UpsertResource,
        ("$kind", resource.Kind.Kind), ("$name", resource.Name), ("$document", resource.Text), ("$generation", resource.Generation), ("$version", resource.Version),
        ("$source", resource.Source), ("$created", resource.Created.ToUnixTimeMilliseconds()), ("$applied", resource.Applied.ToUnixTimeMilliseconds()));

    /// <inheritdoc cref="TryWrite"/>
    public static bool TryDelete(HubDatabase database, StoredResource resource, long version, DateTimeOffset at) => TryChange(
        database, resource, resource.Version, version, at, "DELETE FROM resource WHERE kind = $kind AND name = $name", ("$kind", resource.Kind.Kind), ("$name", resource.Name));

    /// <summary>Compare and set: of two that build on one version of the estate, the database lets one through, whichever nodes they are on.</summary>
    private static bool TryChange(
        HubDatabase database, StoredResource resource, long from, long version, DateTimeOffset at, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        using var connection = database.OpenDurable();
        using var transaction = connection.BeginTransaction();
        if (HubDatabase.Run(connection, Next, ("$version", version)) == 0)
        {
            return false;
        }

        HubDatabase.Run(connection, sql, values);
        var isDelete = sql.StartsWith("DELETE", StringComparison.Ordinal);
        AuditTable.Add(connection, at, isDelete ? "delete" : "apply", $"{resource.Kind.Kind}/{resource.Name}", from, version, isDelete ? "" : $"source {resource.Source}");
        ChangeFeed.Tell(connection, Topic);
        transaction.Commit();
        return true;
    }

    private static long Version(DbConnection connection)
    {
        using var ask = HubDatabase.Command(connection, "SELECT version FROM estate");
        return (long)ask.ExecuteScalar()!;
    }

    private static StoredResource Read(ResourceKind kind, DbDataReader row)
    {
        var (name, text) = (row.GetString(1), row.GetString(2));
        var problems = new ResourceProblems($"{kind.Plural}/{name}");
        var documents = ResourceText.Read(text, problems);
        var document = problems.All.Count == 0 && documents is [var only] && only.Kind == kind && only.Name == name ? only : null;
        return new StoredResource(
            kind, name, document, text, row.GetInt64(3), row.GetInt64(4), row.GetString(5),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)),
            document is not null ? "" : problems.All.Count > 0 ? problems.All[0].ToString() : "the stored document is another one");
    }
}
