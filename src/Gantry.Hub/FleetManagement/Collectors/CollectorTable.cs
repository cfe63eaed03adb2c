using System.Text.Json;
using Gantry.Hub.Storage;

namespace Gantry.Hub.FleetManagement.Collectors;

/// <summary>Rows of collectors: one a collector, and one for each text that some of them run. The only place of this room that knows SQL.</summary>
internal static class CollectorTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS collector (id TEXT PRIMARY KEY, state TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS effective_config (hash TEXT PRIMARY KEY, body TEXT NOT NULL);
        """;

    private const string Upsert = "INSERT INTO collector (id, state) VALUES ($id, $state) ON CONFLICT (id) DO UPDATE SET state = excluded.state";
    private const string UpsertText = "INSERT INTO effective_config (hash, body) VALUES ($hash, $body) ON CONFLICT (hash) DO UPDATE SET body = excluded.body";

    /// <summary>Brings everything into the store. Runs before the doors open, so it needs no lock.</summary>
    public static void Load(HubDatabase database, CollectorStore store)
    {
        using var connection = database.Open();
        HubDatabase.Run(connection, Schema);
        using (var command = HubDatabase.Command(connection, "SELECT id, state FROM collector"))
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                if (JsonSerializer.Deserialize<StoredCollector>(reader.GetString(1)) is { } stored)
                {
                    store.Add_NeedsLock(stored.ToState(reader.GetString(0)));
                }
            }
        }

        using var texts = HubDatabase.Command(connection, "SELECT hash, body FROM effective_config");
        using var text = texts.ExecuteReader();
        while (text.Read())
        {
            store.Effective.Restore(text.GetString(0), text.GetString(1));
        }
    }

    /// <summary>All or nothing.</summary>
    /// <param name="isDurable">An operator waits: the commit is on disk when this returns.</param>
    /// <exception cref="System.Data.Common.DbException">Nothing was written.</exception>
    public static void Write(HubDatabase database, CollectorRows rows, bool isDurable)
    {
        using var connection = isDurable ? database.OpenDurable() : database.Open();
        using var transaction = connection.BeginTransaction();
        foreach (var (id, state) in rows.Collectors)
        {
            HubDatabase.Run(connection, Upsert, ("$id", id), ("$state", state));
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

        transaction.Commit();
    }
}

/// <summary>What one transaction writes and deletes.</summary>
internal sealed class CollectorRows
{
    public List<(string Id, string State)> Collectors { get; } = [];

    public List<(string Hash, string Body)> Texts { get; } = [];

    public List<string> GoneCollectors { get; init; } = [];

    public List<string> GoneTexts { get; init; } = [];

    public bool IsEmpty => Collectors.Count + Texts.Count + GoneCollectors.Count + GoneTexts.Count == 0;

    public void Add(CollectorState collector) => Collectors.Add((collector.Id, JsonSerializer.Serialize(StoredCollector.From(collector))));
}
