using System.Text.Json;
using Gantry.Hub.Compile;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Rollouts;

/// <summary>A revision of what a cohort's agents run.</summary>
/// <param name="Cohort">Whatever attributes are injected: agents that the same pipelines match share a history.</param>
/// <param name="Number">From 1.</param>
/// <param name="Hash">Of the configuration; where attributes are injected, of the configuration with all of them empty.</param>
/// <param name="Resources">What it is made from: "pipelines/edge" and its generation.</param>
public sealed record ConfigRevision(string Cohort, long Number, string Hash, IReadOnlyDictionary<string, long> Resources, DateTimeOffset At);

/// <summary>Every revision of every cohort. The text of each can be made again from the revisions of its resources.</summary>
internal static class ConfigRevisionTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS config_revision (cohort TEXT NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL, estate INTEGER NOT NULL, resources TEXT NOT NULL,
            at INTEGER NOT NULL, PRIMARY KEY (cohort, number)) WITHOUT ROWID;
        """;

    /// <summary>Two nodes may write the same one: the second finds it there.</summary>
    public static void Add(HubDatabase database, ConfigRevision revision, long estate)
    {
        using var connection = database.OpenDurable();
        HubDatabase.Run(
            connection,
            "INSERT INTO config_revision (cohort, number, hash, estate, resources, at) VALUES ($cohort, $number, $hash, $estate, $resources, $at) ON CONFLICT (cohort, number) DO NOTHING",
            ("$cohort", revision.Cohort), ("$number", revision.Number), ("$hash", revision.Hash), ("$estate", estate),
            ("$resources", JsonSerializer.Serialize(revision.Resources)), ("$at", revision.At.ToUnixTimeMilliseconds()));
    }

    /// <summary>Newest first.</summary>
    public static IReadOnlyList<ConfigRevision> Of(HubDatabase database, string cohort, int most)
    {
        using var connection = database.Open();
        using var command = HubDatabase.Command(
            connection, "SELECT number, hash, resources, at FROM config_revision WHERE cohort = $cohort ORDER BY number DESC LIMIT $most", ("$cohort", cohort), ("$most", most));
        using var reader = command.ExecuteReader();
        var revisions = new List<ConfigRevision>();
        while (reader.Read())
        {
            revisions.Add(new ConfigRevision(
                cohort, reader.GetInt64(0), reader.GetString(1), JsonSerializer.Deserialize<Dictionary<string, long>>(reader.GetString(2)) ?? [], DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3))));
        }

        return revisions;
    }

    public static ConfigRevision Of(CompiledCohort compiled, long number, string hash, DateTimeOffset at) => new(
        compiled.Cohort.Recipe, number, hash, compiled.Made.ToDictionary(made => made.Resource, made => made.Generation), at);
}
