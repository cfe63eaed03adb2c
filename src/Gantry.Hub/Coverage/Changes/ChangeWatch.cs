using Gantry.Hub.Estate;
using Gantry.Hub.Nodes;
using Gantry.Hub.Storage;

namespace Gantry.Hub.Coverage.Changes;

/// <summary>
/// Holds the newest snapshot against what was last recorded, and records what is another: one loop for all services and hosts, on the node that observes. What was
/// recorded is in the database with the changes themselves, in one transaction, so that a restart neither repeats a change nor misses one.
/// </summary>
internal sealed class ChangeWatch(
    EstateQueries estate, ResourceStore store, HubDatabase database, Node node, RegressionBoard board, TimeProvider time, ILogger<ChangeWatch> logger)
    : PeriodicService(Beat, time, logger)
{
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    /// <summary>What is back within it was no change.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromMinutes(1);

    /// <summary>Beyond it nothing further is followed.</summary>
    private const int MostFollowed = 50_000;

    private static readonly TimeSpan PurgeEvery = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private Dictionary<(string Subject, string Id), Followed>? _followed;
    private DateTimeOffset _purged;

    protected override string What => "Writing what changed";

    protected override void Round()
    {
        lock (_gate)
        {
            if (!node.Observes || !TryLook_NeedsLock())
            {
                // Another node records; should this one take over, it begins with what that one wrote.
                (_followed, board.Current) = (null, []);
            }
        }
    }

    private bool TryLook_NeedsLock()
    {
        var now = Time.GetUtcNow();
        var followed = _followed ??= Load(now);
        var snapshot = estate.Current;
        var look = new ChangeLook(followed, now, MostFollowed);
        look.See(snapshot);
        look.SeeDeclared(store);
        look.FindGone();
        if (look.Changes.Count + look.Dirty.Count + look.Gone.Count > 0)
        {
            using var turn = ObserverTurn.Take(database, node);
            if (turn is null)
            {
                return false;
            }

            ChangeTable.Write(turn.Connection, look.Changes, [.. look.Written()], [.. look.Gone]);
            turn.Commit();
            // What is not in the database has not happened: it is found again with the next look.
            look.Commit();
        }

        Judge(snapshot, followed, now);
        if (now - _purged >= PurgeEvery)
        {
            ChangeTable.Purge(database, now);
            _purged = now;
        }

        return true;
    }

    private Dictionary<(string Subject, string Id), Followed> Load(DateTimeOffset now)
    {
        var followed = ChangeTable.LoadSeen(database).ToDictionary(item => (item.Subject, item.Id));
        foreach (var change in ChangeTable.Read(database, now - Regressions.Memory, now, new ChangeFilter { Kind = ChangeKinds.Rung }, ChangeTable.MostRows).Reverse())
        {
            if (followed.TryGetValue((change.Subject, change.SubjectId), out var subject))
            {
                subject.Steps.Add(ChangeLook.StepOf(change));
            }
        }

        return followed;
    }

    private void Judge(EstateSnapshot snapshot, Dictionary<(string Subject, string Id), Followed> followed, DateTimeOffset now)
    {
        var known = board.Current.ToDictionary(row => row.Id);
        var found = new List<(RegressionRow Row, HashSet<string> Subjects)>();
        foreach (var row in snapshot.Services)
        {
            if (followed.TryGetValue(("service", row.Id), out var subject) && Regressions.Of(subject, row, now) is { } regression)
            {
                found.Add((regression, [row.Id, .. row.OtherIds, .. subject.Hosts]));
            }
        }

        foreach (var row in snapshot.Hosts)
        {
            if (followed.TryGetValue(("host", row.Id), out var subject) && Regressions.Of(subject, row, now) is { } regression)
            {
                found.Add((regression, [row.Id]));
            }
        }

        // What was there when it was lost is read once; after a restart that may be much, for many.
        var fresh = found.Where(item => !known.ContainsKey(item.Row.Id)).ToList();
        var near = (fresh.Count == 0 ? [] : ChangeTable.Read(
            database, fresh.Min(item => item.Row.Since) - Regressions.Before, fresh.Max(item => item.Row.FellAt), new ChangeFilter { ExceptKind = ChangeKinds.Rung }, ChangeTable.MostRows))
            .ToLookup(change => change.SubjectId);
        board.Current =
        [
            .. found.Select(item => known.TryGetValue(item.Row.Id, out var before) ? item.Row with { Changes = before.Changes } : Regressions.With(item.Row, item.Subjects, near))
                .OrderByDescending(row => Findings.FindingRows.Rank(row.Severity)).ThenByDescending(row => row.Since).ThenBy(row => row.Id, StringComparer.Ordinal),
        ];
    }
}
