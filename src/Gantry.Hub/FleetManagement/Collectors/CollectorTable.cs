using System.Text.Json;
using Gantry.Hub.Storage;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>Rows of collectors: one a collector, and one for each text that some of them run. The only place of this room that knows SQL.</summary>
internal static class CollectorTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS collector (id TEXT PRIMARY KEY, decided INTEGER NOT NULL, state TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS effective_config (hash TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>Operators changed something, on any node.</summary>
    public const string Topic = "collectors";

    // What a node writes behind never undoes a decision that it has not heard of yet.
    private static readonly string UpsertRow = Upsert.Of("collector", "id", "decided, state", "collector.decided <= excluded.decided");
    private static readonly string UpsertText = Upsert.Of("effective_config", "hash", "body");

    /// <summary>Brings everything into the store. Runs before the doors open, so it needs no lock.</summary>
    public static void Load(HubDatabase database, CollectorStore store)
    {
        foreach (var (id, stored) in Read(database))
        {
            store.Add_NeedsLock(stored.ToState(id));
        }

        using var connection = database.Open();
        using var texts = HubDatabase.Command(connection, "SELECT hash, body FROM effective_config");
        using var text = texts.ExecuteReader();
        while (text.Read())
        {
            store.Effective.Restore(text.GetString(0), text.GetString(1));
        }
    }

    public static List<(string Id, StoredCollector Stored)> Read(HubDatabase database)
    {
        var rows = new List<(string, StoredCollector)>();
        using var connection = database.Open();
        using var command = HubDatabase.Command(connection, "SELECT id, state FROM collector");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (JsonSerializer.Deserialize<StoredCollector>(reader.GetString(1)) is { } stored)
            {
                rows.Add((reader.GetString(0), stored));
            }
        }

        return rows;
    }

    /// <summary>All or nothing.</summary>
    /// <param name="isDurable">An operator waits: the commit is on disk when this returns.</param>
    /// <exception cref="System.Data.Common.DbException">Nothing was written.</exception>
    public static void Write(HubDatabase database, CollectorRows rows, bool isDurable)
    {
        using var connection = isDurable ? database.OpenDurable() : database.Open();
        using var transaction = connection.BeginTransaction();
        foreach (var (id, stored) in rows.Collectors)
        {
            HubDatabase.Run(connection, UpsertRow, ("$id", id), ("$decided", stored.Decided), ("$state", JsonSerializer.Serialize(stored)));
        }

        foreach (var (hash, body) in rows.Texts)
        {
            HubDatabase.Run(connection, UpsertText, ("$hash", hash), ("$body", body));
        }

        foreach (var id in rows.GoneCollectors)
        {
            HubDatabase.Run(connection, "DELETE FROM collector WHERE id = $id", ("$id", id));
        }

        foreach (var hash in rows.GoneTexts)
        {
            HubDatabase.Run(connection, "DELETE FROM effective_config WHERE hash = $hash", ("$hash", hash));
        }

        if (isDurable)
        {
            ChangeFeed.Tell(connection, Topic);
        }

        transaction.Commit();
    }
}

/// <summary>What one transaction writes and deletes.</summary>
internal sealed class CollectorRows
{
    public List<(string Id, StoredCollector Stored)> Collectors { get; } = [];

    public List<(string Hash, string Body)> Texts { get; } = [];

    public List<string> GoneCollectors { get; init; } = [];

    public List<string> GoneTexts { get; init; } = [];

    public bool IsEmpty => Collectors.Count + Texts.Count + GoneCollectors.Count + GoneTexts.Count == 0;

    public void Add(CollectorState collector) => Collectors.Add((collector.Id, StoredCollector.From(collector)));
}
