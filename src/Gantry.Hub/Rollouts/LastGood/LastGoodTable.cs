using System.Data.Common;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Rollouts.LastGood;

/// <summary>Rows of what agents were given last: one a cohort with the bytes, one an agent with the name of its cohort.</summary>
internal static class LastGoodTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS config_kept (cohort TEXT PRIMARY KEY, recipe TEXT NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL, whole INTEGER NOT NULL,
            idle INTEGER NOT NULL, body BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS config_agent (agent TEXT PRIMARY KEY, cohort TEXT NOT NULL, day INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS config_agent_cohort ON config_agent (cohort);
        """;

    private static readonly string UpsertConfig = Upsert.Of("config_kept", "cohort", "recipe, number, hash, whole, idle, body");
    private static readonly string UpsertAgent = Upsert.Of("config_agent", "agent", "cohort, day");

    /// <summary>All or nothing.</summary>
    /// <exception cref="DbException">Nothing was written.</exception>
    public static void Write(HubDatabase database, IReadOnlyCollection<LastGoodConfig> configs, IReadOnlyCollection<(string Agent, string Cohort)> agents, long day)
    {
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        foreach (var config in configs.OrderBy(config => config.Cohort, StringComparer.Ordinal))
        {
            HubDatabase.Run(
                connection, UpsertConfig,
                ("$cohort", config.Cohort), ("$recipe", config.Recipe), ("$number", config.Number), ("$hash", config.Config.Hash), ("$whole", config.IsWhole ? 1 : 0),
                ("$idle", config.IsNothing ? 1 : 0), ("$body", config.Pack()));
        }

        // In one order on every node, so that two transactions never wait for each other.
        foreach (var (agent, cohort) in agents.OrderBy(item => item.Agent, StringComparer.Ordinal))
        {
            HubDatabase.Run(connection, UpsertAgent, ("$agent", agent), ("$cohort", cohort), ("$day", day));
        }

        transaction.Commit();
    }

    /// <summary>Forgets agents that nobody has seen since a day, and what no agent has.</summary>
    public static void Forget(HubDatabase database, long before)
    {
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        HubDatabase.Run(connection, "DELETE FROM config_agent WHERE day < $before", ("$before", before));
        HubDatabase.Run(connection, "DELETE FROM config_kept WHERE NOT EXISTS (SELECT 1 FROM config_agent WHERE config_agent.cohort = config_kept.cohort)");
        transaction.Commit();
    }

    /// <summary>The cohort that an agent was of; null where it never was given anything.</summary>
    public static string? CohortOf(HubDatabase database, string agent)
    {
        using var connection = database.Open();
        using var command = HubDatabase.Command(connection, "SELECT cohort FROM config_agent WHERE agent = $agent", ("$agent", agent));
        return command.ExecuteScalar() as string;
    }

    public static LastGoodConfig? Find(HubDatabase database, string cohort)
    {
        using var connection = database.Open();
        using var command = HubDatabase.Command(connection, "SELECT recipe, number, hash, whole, idle, body FROM config_kept WHERE cohort = $cohort", ("$cohort", cohort));
        using var row = command.ExecuteReader();
        return row.Read() && LastGoodConfig.Unpack((byte[])row.GetValue(5), row.GetString(2)) is { } config
            ? new LastGoodConfig(cohort, row.GetString(0), row.GetInt64(1), row.GetInt64(3) != 0, row.GetInt64(4) != 0, config)
            : null;
    }
}
