using System.Data.Common;
using Gantry.Hub.Storage;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Objectives;

/// <summary>Counts of objectives: by service and minute, and past three days by the hour.</summary>
internal static class ObjectiveTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS objective_minute (journey TEXT NOT NULL, objective TEXT NOT NULL, definition TEXT NOT NULL, service TEXT NOT NULL, minute INTEGER NOT NULL,
            source INTEGER NOT NULL, requests INTEGER NOT NULL, bad INTEGER NOT NULL, PRIMARY KEY (journey, objective, definition, service, minute)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS objective_minute_time ON objective_minute (minute);
        CREATE TABLE IF NOT EXISTS objective_hour (journey TEXT NOT NULL, objective TEXT NOT NULL, definition TEXT NOT NULL, hour INTEGER NOT NULL,
            requests INTEGER NOT NULL, bad INTEGER NOT NULL, PRIMARY KEY (journey, objective, definition, hour)) WITHOUT ROWID;
        """;

    private static readonly string WriteMinute = Upsert.Of("objective_minute", "journey, objective, definition, service, minute", "source, requests, bad");

    public static void Write(DbConnection connection, ObjectiveKey key, IEnumerable<ServiceSlot> slots)
    {
        foreach (var slot in slots)
        {
            HubDatabase.Run(
                connection, WriteMinute, ("$journey", key.Journey), ("$objective", key.Objective), ("$definition", key.Definition), ("$service", slot.ServiceId), ("$minute", slot.Minute),
                ("$source", (int)slot.Source), ("$requests", (long)slot.Count.Requests), ("$bad", (long)slot.Count.Bad));
        }
    }

    public static void Load(DbConnection connection, Action<ObjectiveKey, ServiceSlot> minute, Action<ObjectiveKey, long, SlotCount> hour)
    {
        using (var command = HubDatabase.Command(connection, "SELECT journey, objective, definition, service, minute, source, requests, bad FROM objective_minute ORDER BY minute"))
        using (var row = command.ExecuteReader())
        {
            while (row.Read())
            {
                minute(Key(row), new ServiceSlot(row.GetString(3), row.GetInt64(4), (RedSource)row.GetInt32(5), new SlotCount((ulong)row.GetInt64(6), (ulong)row.GetInt64(7))));
            }
        }

        using (var command = HubDatabase.Command(connection, "SELECT journey, objective, definition, hour, requests, bad FROM objective_hour ORDER BY hour"))
        using (var row = command.ExecuteReader())
        {
            while (row.Read())
            {
                hour(Key(row), row.GetInt64(3), new SlotCount((ulong)row.GetInt64(4), (ulong)row.GetInt64(5)));
            }
        }
    }

    /// <summary>Minutes before this one go into their hours, in the transaction that deletes them: each is added once.</summary>
    /// <param name="minute">The first of an hour, and older than what can still change.</param>
    public static void RollUp(DbConnection connection, long minute)
    {
        HubDatabase.Run(
            connection,
            """
            INSERT INTO objective_hour (journey, objective, definition, hour, requests, bad)
            SELECT journey, objective, definition, minute / 60, SUM(requests), SUM(bad) FROM objective_minute WHERE minute < $minute GROUP BY journey, objective, definition, minute / 60
            ON CONFLICT (journey, objective, definition, hour) DO UPDATE SET requests = objective_hour.requests + excluded.requests, bad = objective_hour.bad + excluded.bad
            """,
            ("$minute", minute));
        HubDatabase.Run(connection, "DELETE FROM objective_minute WHERE minute < $minute", ("$minute", minute));
    }

    /// <summary>Hours before this one.</summary>
    public static void Purge(DbConnection connection, long hour) => HubDatabase.Run(connection, "DELETE FROM objective_hour WHERE hour < $hour", ("$hour", hour));

    /// <summary>What nobody declares any more: by the hour at once, by the minute with its roll-up, so that a journey that comes back within three days has those.</summary>
    public static void PurgeHours(DbConnection connection, ObjectiveKey key) => HubDatabase.Run(
        connection, "DELETE FROM objective_hour WHERE journey = $journey AND objective = $objective AND definition = $definition",
        ("$journey", key.Journey), ("$objective", key.Objective), ("$definition", key.Definition));

    public static IReadOnlyList<ObjectiveKey> KeysOfHours(DbConnection connection)
    {
        var keys = new List<ObjectiveKey>();
        using var command = HubDatabase.Command(connection, "SELECT DISTINCT journey, objective, definition FROM objective_hour");
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            keys.Add(Key(row));
        }

        return keys;
    }

    private static ObjectiveKey Key(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2));
}
