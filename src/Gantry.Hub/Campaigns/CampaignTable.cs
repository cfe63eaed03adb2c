using System.Data.Common;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Campaigns;

/// <summary>Points of campaigns by the hour, and what is remembered of each.</summary>
internal static class CampaignTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS campaign_point (campaign TEXT NOT NULL, hour INTEGER NOT NULL, reached INTEGER NOT NULL, services INTEGER NOT NULL, PRIMARY KEY (campaign, hour)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS campaign_past (campaign TEXT PRIMARY KEY, done_since INTEGER NOT NULL, regressed_at INTEGER NOT NULL, regressed TEXT NOT NULL) WITHOUT ROWID;
        """;

    private static readonly string UpsertPoint = Upsert.Of("campaign_point", "campaign, hour", "reached, services");

    private static readonly string UpsertPast = Upsert.Of("campaign_past", "campaign", "done_since, regressed_at, regressed");

    public static void Write(DbConnection connection, string campaign, long hour, int reached, int services) =>
        HubDatabase.Run(connection, UpsertPoint, ("$campaign", campaign), ("$hour", hour), ("$reached", reached), ("$services", services));

    public static void Write(DbConnection connection, string campaign, CampaignPast past) => HubDatabase.Run(
        connection, UpsertPast, ("$campaign", campaign), ("$done_since", Milliseconds(past.DoneSince)), ("$regressed_at", Milliseconds(past.RegressedAt)), ("$regressed", past.Regressed));

    /// <returns>How far it was in the newest hour that is written down; null without any.</returns>
    public static (int Reached, int Services)? Last(DbConnection connection, string campaign)
    {
        using var command = HubDatabase.Command(connection, "SELECT reached, services FROM campaign_point WHERE campaign = $campaign ORDER BY hour DESC LIMIT 1", ("$campaign", campaign));
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetInt32(0), row.GetInt32(1)) : null;
    }

    public static Dictionary<string, CampaignPast> Pasts(DbConnection connection)
    {
        var pasts = new Dictionary<string, CampaignPast>();
        using var command = HubDatabase.Command(connection, "SELECT campaign, done_since, regressed_at, regressed FROM campaign_past");
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            pasts[row.GetString(0)] = new CampaignPast(Time(row.GetInt64(1)), Time(row.GetInt64(2)), row.GetString(3));
        }

        return pasts;
    }

    /// <summary>Oldest first.</summary>
    public static IReadOnlyList<CampaignPoint> Points(HubDatabase database, string campaign)
    {
        using var connection = database.Open();
        var points = new List<CampaignPoint>();
        using var command = HubDatabase.Command(connection, "SELECT hour, reached, services FROM campaign_point WHERE campaign = $campaign ORDER BY hour", ("$campaign", campaign));
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            points.Add(new CampaignPoint(DateTimeOffset.FromUnixTimeSeconds(row.GetInt64(0) * 3600), row.GetInt32(1), row.GetInt32(2)));
        }

        return points;
    }

    /// <summary>Points before this hour; and everything of a campaign that is not there any more.</summary>
    public static void Purge(DbConnection connection, long hour, IReadOnlyCollection<string>? declared)
    {
        HubDatabase.Run(connection, "DELETE FROM campaign_point WHERE hour < $hour", ("$hour", hour));
        foreach (var gone in declared is null ? [] : Names(connection).Except(declared))
        {
            HubDatabase.Run(connection, "DELETE FROM campaign_point WHERE campaign = $campaign", ("$campaign", gone));
            HubDatabase.Run(connection, "DELETE FROM campaign_past WHERE campaign = $campaign", ("$campaign", gone));
        }
    }

    private static List<string> Names(DbConnection connection)
    {
        var names = new List<string>();
        using var command = HubDatabase.Command(connection, "SELECT campaign FROM campaign_past UNION SELECT DISTINCT campaign FROM campaign_point");
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            names.Add(row.GetString(0));
        }

        return names;
    }

    private static long Milliseconds(DateTimeOffset? at) => at?.ToUnixTimeMilliseconds() ?? 0;

    private static DateTimeOffset? Time(long milliseconds) => milliseconds == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
