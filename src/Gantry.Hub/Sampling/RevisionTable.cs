using Gantry.Estate.Sampling;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Sampling;

/// <summary>What was in force, newest last: for people who ask what changed, and for a hub that cannot read a policy of another version.</summary>
internal static class RevisionTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS sampling_revision (sequence INTEGER PRIMARY KEY AUTOINCREMENT, revision TEXT NOT NULL, model BLOB NOT NULL, at INTEGER NOT NULL);
        """;

    private const int Kept = 100;

    public static void Add(HubDatabase database, SamplingModel model, DateTimeOffset at)
    {
        using var connection = database.OpenDurable();
        using var transaction = connection.BeginTransaction();
        database.Engine.OneAtATime(connection, "gantry sampling");
        // Every node composes the same revision; the first one writes it.
        HubDatabase.Run(
            connection,
            """
            INSERT INTO sampling_revision (revision, model, at) SELECT $revision, $model, $at
                WHERE NOT EXISTS (SELECT 1 FROM sampling_revision WHERE revision = $revision AND sequence = (SELECT MAX(sequence) FROM sampling_revision));
            DELETE FROM sampling_revision WHERE sequence <= (SELECT MAX(sequence) FROM sampling_revision) - $kept;
            """,
            ("$revision", model.Revision), ("$model", SamplingModelJson.Write(model)), ("$at", at.ToUnixTimeMilliseconds()), ("$kept", Kept));
        transaction.Commit();
    }

    /// <summary>Null where no policy was ever declared.</summary>
    public static (SamplingModel Model, DateTimeOffset At)? Newest(HubDatabase database)
    {
        using var connection = database.Open();
        using var command = HubDatabase.Command(connection, "SELECT model, at FROM sampling_revision ORDER BY sequence DESC LIMIT 1");
        using var reader = command.ExecuteReader();
        return reader.Read() && SamplingModelJson.TryRead(reader.GetFieldValue<byte[]>(0), out _) is { } model
            ? (model, DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)))
            : null;
    }

    public static IReadOnlyList<SamplingRevisionRow> All(HubDatabase database)
    {
        using var connection = database.Open();
        using var command = HubDatabase.Command(connection, "SELECT revision, model, at FROM sampling_revision ORDER BY sequence DESC");
        using var reader = command.ExecuteReader();
        var rows = new List<SamplingRevisionRow>();
        while (reader.Read())
        {
            var model = SamplingModelJson.TryRead(reader.GetFieldValue<byte[]>(1), out _);
            rows.Add(new SamplingRevisionRow(
                reader.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)), [.. (model?.Rules ?? []).Select(SamplingRuleRow.Of)], model?.Default));
        }

        return rows;
    }
}
