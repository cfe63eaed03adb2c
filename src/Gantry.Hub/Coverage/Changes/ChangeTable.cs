using System.Data.Common;
using System.Text.Json;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Coverage.Changes;

/// <summary>What changed, and what was last seen of each subject: the second makes that nothing is recorded twice, whenever the hub starts again.</summary>
internal static class ChangeTable
{
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS change_log (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, subject_id TEXT NOT NULL,
            subject_name TEXT NOT NULL, value_before TEXT NOT NULL, value_after TEXT NOT NULL, line TEXT NOT NULL);
        CREATE INDEX IF NOT EXISTS change_log_at ON change_log (at);
        CREATE INDEX IF NOT EXISTS change_log_subject ON change_log (subject_id, at);
        CREATE TABLE IF NOT EXISTS change_seen (subject TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (subject, id)) WITHOUT ROWID;
        """;

    /// <summary>How long changes are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Of rungs, and of all others together. Beyond it the oldest go first.</summary>
    public const int MostRows = 200_000;

    private const string Columns = "id, at, kind, subject, subject_id, subject_name, value_before, value_after, line";

    private static readonly string Insert =
        $"INSERT INTO change_log ({Columns}) VALUES ($id, $at, $kind, $subject, $subject_id, $subject_name, $value_before, $value_after, $line)";

    private static readonly string UpsertSeen = Upsert.Of("change_seen", "subject, id", "name, state");

    /// <summary>Both in one transaction.</summary>
    /// <param name="changes">Their numbers are given here.</param>
    /// <param name="gone">Subjects that are followed no longer.</param>
    /// <returns>The changes with their numbers.</returns>
    public static IReadOnlyList<ChangeRow> Write(DbConnection connection, IReadOnlyList<ChangeRow> changes, IReadOnlyList<Followed> seen, IReadOnlyList<Followed> gone)
    {
        var next = Number(connection, "SELECT coalesce(max(id), 0) FROM change_log") + 1;
        List<ChangeRow> numbered = [.. changes.Select((change, index) => change with { Id = next + index })];
        var rows = new TakenRows();
        foreach (var change in numbered)
        {
            rows.Add(
                Insert, ("$id", change.Id), ("$at", change.At.ToUnixTimeMilliseconds()), ("$kind", change.Kind), ("$subject", change.Subject), ("$subject_id", change.SubjectId),
                ("$subject_name", change.SubjectName), ("$value_before", change.From), ("$value_after", change.To), ("$line", change.Text));
        }

        foreach (var subject in seen)
        {
            rows.Add(UpsertSeen, ("$subject", subject.Subject), ("$id", subject.Id), ("$name", subject.Name), ("$state", JsonSerializer.Serialize(subject.Values)));
        }

        foreach (var subject in gone)
        {
            rows.Add("DELETE FROM change_seen WHERE subject = $subject AND id = $id", ("$subject", subject.Subject), ("$id", subject.Id));
        }

        rows.Write(connection);
        return numbered;
    }

    public static List<Followed> LoadSeen(HubDatabase database)
    {
        using var connection = database.Open();
        using var command = HubDatabase.Command(connection, "SELECT subject, id, name, state FROM change_seen");
        using var reader = command.ExecuteReader();
        var seen = new List<Followed>();
        while (reader.Read())
        {
            seen.Add(new Followed(reader.GetString(0), reader.GetString(1), reader.GetString(2), JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(3)) ?? []));
        }

        return seen;
    }

    /// <summary>Newest first.</summary>
    /// <param name="filter">Null: all.</param>
    public static IReadOnlyList<ChangeRow> Read(HubDatabase database, DateTimeOffset from, DateTimeOffset to, ChangeFilter? filter, int most)
    {
        if (filter?.Subjects is { Count: 0 })
        {
            return [];
        }

        var where = "at >= $from AND at <= $to";
        var values = new List<(string, object)> { ("$from", from.ToUnixTimeMilliseconds()), ("$to", to.ToUnixTimeMilliseconds()), ("$most", (long)most) };
        if (filter?.Subjects is { } ids)
        {
            where += $" AND subject_id IN ({string.Join(", ", ids.Select((_, index) => $"$s{index}"))})";
            values.AddRange(ids.Select((id, index) => ($"$s{index}", (object)id)));
        }

        if (filter?.Kind is { Length: > 0 } kind)
        {
            where += " AND kind = $kind";
            values.Add(("$kind", kind));
        }

        if (filter?.ExceptKind is { Length: > 0 } except)
        {
            where += " AND kind <> $except";
            values.Add(("$except", except));
        }

        if (filter is { WithoutFirstSeen: true })
        {
            where += " AND NOT (kind = $rung AND value_before = '')";
            values.Add(("$rung", ChangeKinds.Rung));
        }

        using var connection = database.Open();
        using var command = HubDatabase.Command(connection, $"SELECT {Columns} FROM change_log WHERE {where} ORDER BY at DESC, id DESC LIMIT $most", [.. values]);
        using var reader = command.ExecuteReader();
        var rows = new List<ChangeRow>();
        while (reader.Read())
        {
            rows.Add(new ChangeRow(
                reader.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5),
                reader.GetString(6), reader.GetString(7), reader.GetString(8)));
        }

        return rows;
    }

    /// <param name="most">Of rungs, and of all others together.</param>
    public static void Purge(HubDatabase database, DateTimeOffset now, int most = MostRows)
    {
        using var connection = database.Open();
        HubDatabase.Run(connection, "DELETE FROM change_log WHERE at < $at", ("$at", (now - Kept).ToUnixTimeMilliseconds()));
        // Of rungs apart from all others: a service whose version never rests must not push out the history that regressions are found by.
        foreach (var which in new[] { "kind = $rung", "kind <> $rung" })
        {
            HubDatabase.Run(
                connection, $"DELETE FROM change_log WHERE {which} AND id <= (SELECT id FROM change_log WHERE {which} ORDER BY id DESC LIMIT 1 OFFSET $most)",
                ("$rung", ChangeKinds.Rung), ("$most", (long)most));
        }
    }

    private static long Number(DbConnection connection, string sql)
    {
        using var command = HubDatabase.Command(connection, sql);
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
